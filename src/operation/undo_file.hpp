#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "operation/amount.hpp"
#include "operation/undo_target.hpp"
#include "util/sha256.hpp"

namespace tti::operation {

// What a deletion removed, so that it can be brought back. A text file of lines:
//
//   \# {"format":"tti-lw-stack undo","version":1, …}        once: what the file is about
//   \# {"batch":1, …}                                       what one transaction removed
//   \# {"section":"api_keys", …}                            rows of one table follow
//   rows in PostgreSQL's COPY text form, one a line; none begins with \#
//   \# {"end":1,"rows":{"api_keys":2},"sha256":"…"}         the batch is complete, and durable
//   \# {"closed":1,"sha256":"…"}                            the run ended, with that many batches
//
// The end of a batch is durable before its transaction commits: what is gone is in the file. A batch without
// its end was never committed. Each SHA-256 is over all from the last line that has one (before there is one:
// from the first line), that line included, so a batch that is changed, missing or moved is found. Files of
// older builds have none. Rows may hold hashes and tokens, so the file is for its owner alone.
inline constexpr std::string_view undo_format = "tti-lw-stack undo";
inline constexpr int undo_version = 1;

class UndoWriter {
  public:
    // Begins the file; `about` is added to its first line. Throws what the target does.
    UndoWriter(std::unique_ptr<UndoTarget> target, const nlohmann::json& about);
    UndoWriter(UndoWriter&&) = default;
    UndoWriter& operator=(UndoWriter&&) = delete;
    UndoWriter(const UndoWriter&) = delete;
    UndoWriter& operator=(const UndoWriter&) = delete;
    // Closes the file as well as it can: without that mark it holds as much.
    ~UndoWriter();

    void begin_batch(const nlohmann::json& about);
    // `section` is the name under which end_batch() counts its rows. Written with its first row.
    void section(const std::string& name, const nlohmann::json& about);
    void row(std::string_view line);  // with its line break
    // Returns when the batch is durable.
    void end_batch();
    // Cuts off the batch that was begun last, ended or not, after its transaction was rolled back.
    void abandon_batch();

    // As restore takes it.
    [[nodiscard]] std::string display() const { return target_->display(); }
    [[nodiscard]] std::int64_t batches() const { return batches_; }
    // Takes the file away where no batch of it has ended.
    void remove_if_empty() noexcept;

  private:
    void count_section();
    void write(std::string_view bytes);
    void close();

    std::unique_ptr<UndoTarget> target_;
    std::int64_t batches_ = 0;
    enum class State { between, within, ended, failed } state_ = State::between;
    nlohmann::json pending_section_;
    std::string section_;
    std::int64_t section_rows_ = 0;
    Amounts rows_;
    util::Sha256 hash_;
    std::string last_mark_;    // the line with the last SHA-256, or the first line
    std::string mark_before_;  // the one before, for a batch that is abandoned after its end
};

// A complete batch, by its place in the file.
struct UndoBatch {
    nlohmann::json about;
    Amounts rows;  // by section
    std::int64_t offset = 0;
};

class UndoReader {
  public:
    // Reads through the whole file. Throws UsageError when it is no undo file, is of another version, is
    // damaged, or cannot be read.
    explicit UndoReader(const std::filesystem::path& path);
    // The same of bytes that can be sought in; messages call them `name`.
    UndoReader(std::unique_ptr<std::istream> bytes, std::string name);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const nlohmann::json& about() const { return about_; }
    [[nodiscard]] const std::vector<UndoBatch>& batches() const { return batches_; }
    // The file ends within a batch, which therefore was never committed.
    [[nodiscard]] bool torn() const { return torn_; }
    // What a plan should say about the way in which the file ends; mostly nothing.
    [[nodiscard]] std::vector<std::string> notes() const;

    void go_to(const UndoBatch& batch);
    // The next section of the batch, or null at its end. Throws UsageError for what is no section. The rows
    // of the one before must have been read.
    nlohmann::json next_section();
    // Appends the next row of the section with its line break; false at the section's end.
    bool next_row(std::string& bytes);
    [[noreturn]] void fail_damaged(std::string_view how) const;

  private:
    class Check;
    void read_header();
    void index();
    bool line();
    [[nodiscard]] nlohmann::json content() const;
    [[nodiscard]] Amounts rows_of(const nlohmann::json& end) const;

    std::unique_ptr<std::istream> file_;
    std::string name_;
    nlohmann::json about_;
    std::vector<UndoBatch> batches_;
    bool torn_ = false;
    bool checked_ = false;  // it has SHA-256s
    bool closed_ = false;
    std::string line_;
    bool held_ = false;  // line_ was read ahead and not used
};

}  // namespace tti::operation
