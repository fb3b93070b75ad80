#include "undo/open.hpp"

#include "undo/object_source.hpp"
#include "undo/store.hpp"

namespace tti::undo {

bool is_file_in_store(std::string_view text) {
    if (text.ends_with('/')) text.remove_suffix(1);
    return is_in_store(text) && text.ends_with(file_suffix);
}

std::function<std::optional<cli::DiskUse>(const settings::Values&)> file_to_read(std::string option) {
    return [option = std::move(option)](const settings::Values& values) -> std::optional<cli::DiskUse> {
        const auto& place = values.text(option);
        if (is_in_store(place)) return std::nullopt;
        return cli::DiskUse{.what = "what is to be read",
                            .place = place,
                            .hint =
                                "An archive is copied there by aws s3 cp --recursive, an undo file by aws s3 "
                                "cp NAME.undo s3://BUCKET/NAME.undo/00000001."};
    };
}

operation::UndoReader open(const cli::Context& context, std::string_view option, const std::string& text) {
    if (!is_in_store(text)) return operation::UndoReader(context.surroundings.working_directory / text);
    return read_objects(*open_store(context), folder_address(option, text));
}

}  // namespace tti::undo
