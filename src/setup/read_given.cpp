#include "setup/read_given.hpp"

#include <fmt/format.h>

#include "util/error.hpp"
#include "util/file.hpp"

namespace tti::setup {

Given read_given(const settings::Surroundings& surroundings, const settings::Values& values) {
    Given given;
    const auto& path = values.text("file");
    if (!path.empty()) {
        const auto text = util::read_file(surroundings.working_directory / path);
        if (!text) {
            throw UsageError(fmt::format("file {} cannot be read: {}", path, text.error()),
                             "tti-lw-stack setup --example prints a file to begin with.");
        }
        given = read_file_text(path, *text);
    }
    add_flags(given, values);
    return given;
}

}  // namespace tti::setup
