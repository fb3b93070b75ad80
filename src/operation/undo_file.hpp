#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "operation/amount.hpp"

namespace tti::operation {

// What a deletion removed, so that it can be brought back. A text file of lines:
//
//   \# {"format":"tti-lw-stack undo","version":1, …}        once: what the file is about
//   \# {"batch":1, …}                                       what one transaction removed
//   \# {"section":"api_keys", …}                            rows of one table follow
//   rows in PostgreSQL's COPY text form, one a line; none begins with \#
//   \# {"end":1,"rows":{"api_keys":2}}                      the batch is complete, and on the disk
//
// The end of a batch is on the disk before its transaction commits: what is gone is in the file. A batch
// without its end was never committed. Rows may hold hashes and tokens, so the file is for its owner alone
// (mode 0600).
inline constexpr std::string_view undo_format = "tti-lw-stack undo";
inline constexpr int undo_version = 1;

class UndoWriter {
  public:
    // Creates the file, and the folders above it; `about` is added to the first line. Throws RefusedError
    // where that fails or the file is there already.
    UndoWriter(std::filesystem::path path, const nlohmann::json& about);

    void begin_batch(const nlohmann::json& about);
    // `section` is the name under which end_batch() counts its rows. Written with its first row.
    void section(const std::string& name, const nlohmann::json& about);
    void row(std::string_view line);  // with its line break
    // Returns when the batch is on the disk.
    void end_batch();
    // Cuts off the batch that was begun last, ended or not, after its transaction was rolled back.
    void abandon_batch();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::int64_t batches() const { return batches_; }

  private:
    void count_section();
    void mark(const nlohmann::json& content);
    void write(std::string_view bytes);
    void synchronize();
    [[noreturn]] void fail(std::string_view what) const;

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
    std::int64_t batches_ = 0;
    std::int64_t batch_start_ = 0;
    bool ended_ = false;
    nlohmann::json pending_section_;
    std::string section_;
    std::int64_t section_rows_ = 0;
    Amounts rows_;
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
    explicit UndoReader(std::filesystem::path path);

    [[nodiscard]] const nlohmann::json& about() const { return about_; }
    [[nodiscard]] const std::vector<UndoBatch>& batches() const { return batches_; }
    // The file ends within a batch, which therefore was never committed.
    [[nodiscard]] bool torn() const { return torn_; }

    void go_to(const UndoBatch& batch);
    // The next section of the batch, or null at its end. Throws UsageError for what is no section. The rows
    // of the one before must have been read.
    nlohmann::json next_section();
    // Appends the next row of the section with its line break; false at the section's end.
    bool next_row(std::string& bytes);

  private:
    void read_header();
    void index();
    bool line();
    [[nodiscard]] nlohmann::json content() const;
    [[nodiscard]] Amounts rows_of(const nlohmann::json& end) const;
    [[noreturn]] void fail_damaged(std::string_view how) const;

    std::filesystem::path path_;
    std::ifstream file_;
    nlohmann::json about_;
    std::vector<UndoBatch> batches_;
    bool torn_ = false;
    std::string line_;
    bool held_ = false;  // line_ was read ahead and not used
};

}  // namespace tti::operation
