#include "operation/undo_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::operation {
namespace {

constexpr std::string_view mark_start = "\\# ";

std::string mark(const nlohmann::json& content) {
    return fmt::format("{}{}\n", mark_start, content.dump());
}

}  // namespace

UndoWriter::UndoWriter(std::unique_ptr<UndoTarget> target, const nlohmann::json& about)
    : target_(std::move(target)) {
    nlohmann::json header{{"format", undo_format}, {"version", undo_version}};
    header.update(about);
    last_mark_ = mark(header);
    target_->begin(last_mark_);
}

UndoWriter::~UndoWriter() {
    const bool may_close = target_ && batches_ > 0 && (state_ == State::between || state_ == State::ended);
    if (!may_close) return;
    try {
        close();
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): a file without it is as good
    }
}

void UndoWriter::close() {
    hash_ = {};
    hash_.update(last_mark_);
    target_->begin_piece();
    target_->write(mark({{"closed", batches_}, {"sha256", hash_.hex()}}));
    target_->end_piece();
}

void UndoWriter::begin_batch(const nlohmann::json& about) {
    state_ = State::failed;
    rows_.clear();
    section_rows_ = 0;
    pending_section_ = nullptr;
    hash_ = {};
    hash_.update(last_mark_);
    nlohmann::json content{{"batch", batches_ + 1}};
    content.update(about);
    target_->begin_piece();
    write(mark(content));
    state_ = State::within;
}

void UndoWriter::section(const std::string& name, const nlohmann::json& about) {
    count_section();
    section_ = name;
    pending_section_ = {{"section", name}};
    pending_section_.update(about);
}

void UndoWriter::row(std::string_view line) {
    if (!pending_section_.is_null()) {
        write(mark(pending_section_));
        pending_section_ = nullptr;
    }
    write(line);
    ++section_rows_;
}

void UndoWriter::count_section() {
    if (section_rows_ > 0) {
        add(rows_, section_, section_rows_);
    }
    section_rows_ = 0;
}

void UndoWriter::end_batch() {
    count_section();
    nlohmann::json rows = nlohmann::json::object();
    for (const auto& amount : rows_) {
        rows[amount.what] = amount.number;
    }
    auto end = mark({{"end", batches_ + 1}, {"rows", rows}, {"sha256", hash_.hex()}});
    state_ = State::failed;
    target_->write(end);
    target_->end_piece();
    state_ = State::ended;
    ++batches_;
    mark_before_ = std::exchange(last_mark_, std::move(end));
}

void UndoWriter::abandon_batch() {
    if (state_ == State::ended) {
        --batches_;
        last_mark_ = mark_before_;
    }
    const bool failed = std::exchange(state_, State::failed) == State::failed;
    target_->abandon_piece();
    if (!failed) state_ = State::between;
}

void UndoWriter::remove_if_empty() noexcept {
    if (batches_ == 0) target_->remove();
}

void UndoWriter::write(std::string_view bytes) {
    hash_.update(bytes);
    target_->write(bytes);
}

UndoReader::UndoReader(const std::filesystem::path& path)
    : UndoReader(std::make_unique<std::ifstream>(path, std::ios::binary), path.string()) {}

UndoReader::UndoReader(std::unique_ptr<std::istream> bytes, std::string name)
    : file_(std::move(bytes)), name_(std::move(name)) {
    if (!*file_) {
        throw UsageError(fmt::format("cannot read {}: {}", name_, std::strerror(errno)),
                         "Give the path of an undo file; a command that deletes names it at its end.");
    }
    read_header();
    index();
}

void UndoReader::read_header() {
    const bool is_mark = line() && line_.starts_with(mark_start);
    about_ = is_mark ? content() : nlohmann::json();
    if (!about_.is_object() || !about_.contains("format") || about_["format"] != undo_format) {
        throw UsageError(fmt::format("{} is not an undo file of this program", name_),
                         "Give the path of a file that a deleting command wrote; they end in .undo.");
    }
    const auto version = about_.contains("version") ? about_["version"] : nlohmann::json();
    if (version != undo_version) {
        throw UsageError(fmt::format("{} is an undo file of version {}; this program reads version {}", name_,
                                     version.dump(), undo_version),
                         "Use the release of tti-lw-stack that wrote it.");
    }
}

// The SHA-256s of a file, as its lines go by.
class UndoReader::Check {
  public:
    explicit Check(std::string header) : last_mark_(std::move(header)) { restart(); }

    void restart() {
        hash_ = {};
        add(last_mark_);
    }
    void add(std::string_view line) {
        hash_.update(line);
        hash_.update("\n");
    }
    // Whether the mark, which is this line, tells the one of what went by since restart(), or none.
    bool holds(const nlohmann::json& mark, const std::string& line) {
        last_mark_ = line;
        const auto told = mark.find("sha256");
        return told == mark.end() || *told == hash_.hex();
    }

  private:
    util::Sha256 hash_;
    std::string last_mark_;
};

void UndoReader::index() {
    Check check(line_);
    UndoBatch batch;
    bool open = false;
    for (std::int64_t offset = file_->tellg(); line(); offset = file_->tellg()) {
        const bool is_row = !line_.starts_with(mark_start);
        auto mark = is_row ? nlohmann::json() : content();
        if (!is_row && mark.is_null()) fail_damaged("a mark in it cannot be read");
        if (mark.contains("batch") || mark.contains("closed")) {
            if (open) fail_damaged(fmt::format("batch {} has no end", batches_.size() + 1));
            check.restart();
        }
        if (mark.contains("end") && open) {
            batch.rows = rows_of(mark);
            checked_ = mark.contains("sha256");
            batches_.push_back(std::exchange(batch, {}));
            open = false;
            if (!check.holds(mark, line_)) {
                fail_damaged(fmt::format("batch {} is not as it was written, or one is missing before it",
                                         batches_.size()));
            }
        } else if (mark.contains("closed")) {
            closed_ = mark["closed"] == batches_.size() && check.holds(mark, line_);
            if (!closed_) {
                fail_damaged(
                    fmt::format("of {} batches, {} are there", mark["closed"].dump(), batches_.size()));
            }
        } else {
            check.add(line_);
        }
        if (mark.contains("batch")) {
            batch = {std::move(mark), {}, offset};
            open = true;
        }
    }
    torn_ = open || !line_.empty();
}

std::vector<std::string> UndoReader::notes() const {
    if (torn_)
        return {"The file ends within a batch: that one was never committed, so nothing of it is gone."};
    if (!checked_ || closed_) return {};
    return {
        "The run that wrote the file was ended in the middle; where it was given again, that wrote a file "
        "of its own."};
}

void UndoReader::fail_damaged(std::string_view how) const {
    throw UsageError(fmt::format("{} is damaged: {}", name_, how),
                     "Take the file as the command wrote it, from a backup if need be.");
}

Amounts UndoReader::rows_of(const nlohmann::json& end) const {
    const auto counted = end.contains("rows") && end["rows"].is_object() ? end["rows"] : nlohmann::json();
    const auto is_number = [](const nlohmann::json& value) { return value.is_number_integer(); };
    if (!counted.is_object() || !std::ranges::all_of(counted, is_number)) {
        fail_damaged("the end of a batch does not tell its rows");
    }
    Amounts rows;
    for (const auto& [name, number] : counted.items()) rows.push_back({name, number.get<std::int64_t>()});
    return rows;
}

void UndoReader::go_to(const UndoBatch& batch) {
    file_->clear();
    file_->seekg(batch.offset);
    held_ = false;
    line();
}

nlohmann::json UndoReader::next_section() {
    if (!held_ && !line()) {
        return nullptr;
    }
    held_ = false;
    if (!line_.starts_with(mark_start)) fail_damaged("a row stands outside of any section");
    auto mark = content();
    return mark.contains("section") ? mark : nlohmann::json();
}

bool UndoReader::next_row(std::string& bytes) {
    if (held_ || !line()) {
        return false;
    }
    held_ = line_.starts_with(mark_start);
    if (!held_) {
        bytes += line_;
        bytes += '\n';
    }
    return !held_;
}

// False at the end of the file; what stands there without a line break is a torn tail.
bool UndoReader::line() {
    if (!std::getline(*file_, line_)) {
        line_.clear();
        return false;
    }
    return !file_->eof();
}

nlohmann::json UndoReader::content() const {
    auto parsed = nlohmann::json::parse(std::string_view(line_).substr(mark_start.size()), nullptr, false);
    return parsed.is_discarded() ? nlohmann::json() : parsed;
}

}  // namespace tti::operation
