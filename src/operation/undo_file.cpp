#include "operation/undo_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::operation {
namespace {

constexpr std::string_view mark_start = "\\# ";
constexpr std::size_t buffer_size = std::size_t{1} << 20U;

std::FILE* create(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    return descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
}

// A file's name is durable only when its folder is.
void synchronize_folder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return;
    }
    ::fsync(descriptor);
    ::close(descriptor);
}

}  // namespace

UndoWriter::UndoWriter(std::filesystem::path path, const nlohmann::json& about)
    : path_(std::move(path)), file_(nullptr, &std::fclose) {
    std::error_code error;
    std::filesystem::create_directories(path_.parent_path(), error);
    file_.reset(error ? nullptr : create(path_));
    if (!file_) {
        fail(error ? error.message() : std::strerror(errno));
    }
    std::setvbuf(file_.get(), nullptr, _IOFBF, buffer_size);
    nlohmann::json header{{"format", undo_format}, {"version", undo_version}};
    header.update(about);
    mark(header);
    synchronize();
    synchronize_folder(path_.parent_path());
}

void UndoWriter::begin_batch(const nlohmann::json& about) {
    batch_start_ = std::ftell(file_.get());
    ended_ = false;
    rows_.clear();
    section_rows_ = 0;
    pending_section_ = nullptr;
    nlohmann::json content{{"batch", batches_ + 1}};
    content.update(about);
    mark(content);
}

void UndoWriter::section(const std::string& name, const nlohmann::json& about) {
    count_section();
    section_ = name;
    pending_section_ = {{"section", name}};
    pending_section_.update(about);
}

void UndoWriter::row(std::string_view line) {
    if (!pending_section_.is_null()) {
        mark(pending_section_);
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
    mark({{"end", batches_ + 1}, {"rows", rows}});
    synchronize();
    ++batches_;
    ended_ = true;
}

void UndoWriter::abandon_batch() {
    std::fflush(file_.get());
    if (::ftruncate(::fileno(file_.get()), batch_start_) != 0 ||
        std::fseek(file_.get(), batch_start_, SEEK_SET) != 0) {
        fail(std::strerror(errno));
    }
    batches_ -= ended_ ? 1 : 0;
    ended_ = false;
}

void UndoWriter::mark(const nlohmann::json& content) {
    write(fmt::format("{}{}\n", mark_start, content.dump()));
}

void UndoWriter::write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
        fail(std::strerror(errno));
    }
}

void UndoWriter::synchronize() {
    if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) {
        fail(std::strerror(errno));
    }
}

void UndoWriter::fail(std::string_view what) const {
    throw RefusedError(fmt::format("cannot write the undo file {}: {}", path_.string(), what),
                       "Name another folder with --undo-to, or do without one with --no-undo.");
}

UndoReader::UndoReader(std::filesystem::path path) : path_(std::move(path)), file_(path_, std::ios::binary) {
    if (!file_) {
        throw UsageError(fmt::format("cannot read {}: {}", path_.string(), std::strerror(errno)),
                         "Give the path of an undo file; a command that deletes names it at its end.");
    }
    read_header();
    index();
}

void UndoReader::read_header() {
    const bool is_mark = line() && line_.starts_with(mark_start);
    about_ = is_mark ? content() : nlohmann::json();
    if (!about_.is_object() || !about_.contains("format") || about_["format"] != undo_format) {
        throw UsageError(fmt::format("{} is not an undo file of this program", path_.string()),
                         "Give the path of a file that a deleting command wrote; they end in .undo.");
    }
    const auto version = about_.contains("version") ? about_["version"] : nlohmann::json();
    if (version != undo_version) {
        throw UsageError(fmt::format("{} is an undo file of version {}; this program reads version {}",
                                     path_.string(), version.dump(), undo_version),
                         "Use the release of tti-lw-stack that wrote it.");
    }
}

void UndoReader::index() {
    UndoBatch batch;
    bool open = false;
    for (std::int64_t offset = file_.tellg(); line(); offset = file_.tellg()) {
        if (!line_.starts_with(mark_start)) {
            continue;
        }
        auto mark = content();
        if (mark.contains("batch")) {
            batch = {std::move(mark), {}, offset};
            open = true;
        } else if (mark.contains("end") && open) {
            batch.rows = rows_of(mark);
            batches_.push_back(std::move(batch));
            open = false;
        }
    }
    torn_ = open || !line_.empty();
}

void UndoReader::fail_damaged(std::string_view how) const {
    throw UsageError(fmt::format("{} is damaged: {}", path_.string(), how),
                     "Take the file as the command wrote it, from a backup if need be.");
}

Amounts UndoReader::rows_of(const nlohmann::json& end) const {
    const auto counted = end.contains("rows") && end["rows"].is_object() ? end["rows"] : nlohmann::json();
    const auto is_number = [](const nlohmann::json& value) { return value.is_number_integer(); };
    if (!counted.is_object() || !std::ranges::all_of(counted, is_number)) {
        throw UsageError(
            fmt::format("{} is damaged: the end of a batch does not tell its rows", path_.string()),
            "Take the file as the command wrote it, from a backup if need be.");
    }
    Amounts rows;
    for (const auto& [name, number] : counted.items()) rows.push_back({name, number.get<std::int64_t>()});
    return rows;
}

void UndoReader::go_to(const UndoBatch& batch) {
    file_.clear();
    file_.seekg(batch.offset);
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
    if (!std::getline(file_, line_)) {
        line_.clear();
        return false;
    }
    return !file_.eof();
}

nlohmann::json UndoReader::content() const {
    auto parsed = nlohmann::json::parse(std::string_view(line_).substr(mark_start.size()), nullptr, false);
    return parsed.is_discarded() ? nlohmann::json() : parsed;
}

}  // namespace tti::operation
