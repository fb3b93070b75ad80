#include "undo/open.hpp"

#include "undo/object_source.hpp"
#include "undo/store.hpp"

namespace tti::undo {

bool is_file_in_store(std::string_view text) {
    if (text.ends_with('/')) text.remove_suffix(1);
    return is_in_store(text) && text.ends_with(file_suffix);
}

operation::UndoReader open(const cli::Context& context, std::string_view option, const std::string& text) {
    if (!is_in_store(text)) return operation::UndoReader(context.surroundings.working_directory / text);
    return read_objects(*open_store(context), folder_address(option, text));
}

}  // namespace tti::undo
