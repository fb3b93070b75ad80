#include "undo/object_source.hpp"

#include <array>

#include <fmt/format.h>

#include "undo/object_target.hpp"
#include "util/error.hpp"
#include "util/temporary_stream.hpp"

namespace tti::undo {
namespace {

constexpr auto damaged_hint =
    "A bucket that keeps versions has the objects as they were written: aws s3api list-object-versions.";

bool is_number(std::string_view name) {
    return !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
}

// How many there are. Whatever else somebody put there is left alone.
std::int64_t count_objects(aws::S3& s3, const aws::ObjectAddress& folder) {
    std::int64_t count = 0;
    std::string unexpected;
    s3.list(folder.bucket, folder.key, [&](const aws::ListedObject& object) {
        const auto name = object.key.substr(folder.key.size());
        if (!is_number(name) || !unexpected.empty()) return;
        if (name == object_name(count + 1)) {
            ++count;
        } else {
            unexpected = name;
        }
    });
    if (!unexpected.empty()) {
        throw UsageError(fmt::format("{} is damaged: object {} is missing, and {} is there",
                                     display_folder(folder), object_name(count + 1), unexpected),
                         damaged_hint);
    }
    if (count == 0) {
        throw UsageError(fmt::format("there is no undo file {}", display_folder(folder)),
                         fmt::format("List what is there: aws s3 ls s3://{}/", folder.bucket));
    }
    return count;
}

void fetch(aws::S3& s3, const aws::ObjectAddress& address, util::TemporaryFile& to) {
    constexpr std::size_t buffer_size = std::size_t{64} << 10U;
    aws::ObjectReader reader(s3, address);
    if (reader.description().size == 0)
        throw UsageError(fmt::format("{} is damaged: it is empty", address.display()), damaged_hint);
    std::array<char, buffer_size> buffer{};
    while (const auto size = reader.read(buffer)) to.append({buffer.data(), size});
}

util::TemporaryFile fetch_all(aws::S3& s3, const aws::ObjectAddress& folder) {
    util::TemporaryFile file;
    const auto count = count_objects(s3, folder);
    for (std::int64_t number = 1; number <= count; ++number)
        fetch(s3, {folder.bucket, folder.key + object_name(number)}, file);
    return file;
}

}  // namespace

operation::UndoReader read_objects(aws::S3& s3, const aws::ObjectAddress& folder) {
    operation::UndoReader reader(std::make_unique<util::TemporaryStream>(fetch_all(s3, folder)),
                                 display_folder(folder));
    // No object is there in part, whenever a run was killed.
    if (reader.torn()) reader.fail_damaged("its last object ends within a batch");
    return reader;
}

}  // namespace tti::undo
