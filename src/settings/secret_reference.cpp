#include "settings/secret_reference.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "util/error.hpp"
#include "util/file.hpp"

namespace tti::settings {
namespace {

constexpr std::string_view environment_prefix = "env:";
constexpr std::string_view file_prefix = "file:";

void cut_line_break(std::string& text) {
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
}

[[noreturn]] void fail(const std::string& option, const std::string& what) {
    throw UsageError(
        fmt::format("option --{}: {}", option, what),
        fmt::format("Put the secret into the named place, or name another with {}.", secret_reference_forms));
}

std::string from_environment(const std::string& option, const std::string& name,
                             const Surroundings& surroundings) {
    const auto found = surroundings.environment.find(name);
    if (found == surroundings.environment.end()) fail(option, fmt::format("variable {} is not set", name));
    if (found->second.empty()) fail(option, fmt::format("variable {} is empty", name));
    return found->second;
}

std::string from_file(const std::string& option, const std::string& path, const Surroundings& surroundings) {
    Expected<std::string> text = util::read_file(surroundings.working_directory / path);
    if (!text) fail(option, fmt::format("file {} cannot be read: {}", path, text.error()));
    cut_line_break(*text);
    if (text->empty()) fail(option, fmt::format("file {} is empty", path));
    return std::move(*text);
}

std::string from_standard_input(const std::string& option, std::istream& standard_input) {
    std::string line;
    std::getline(standard_input, line);
    cut_line_break(line);
    if (line.empty()) fail(option, "standard input has no line with the secret");
    return line;
}

}  // namespace

Secret read_secret(const std::string& option, const std::string& reference, const Surroundings& surroundings,
                   std::istream& standard_input, const SecretStore& store) {
    if (reference == "-") return Secret{from_standard_input(option, standard_input)};
    if (reference.starts_with(environment_prefix)) {
        return Secret{from_environment(option, reference.substr(environment_prefix.size()), surroundings)};
    }
    if (reference.starts_with(file_prefix)) {
        return Secret{from_file(option, reference.substr(file_prefix.size()), surroundings)};
    }
    if (auto secret = store ? store(reference) : std::nullopt) {
        if (secret->empty()) fail(option, fmt::format("{} is empty", reference));
        return std::move(*secret);
    }
    // Not shown: somebody may have put the secret itself here.
    fail(option, fmt::format("the value is no reference to a secret; accepted: {}", secret_reference_forms));
}

}  // namespace tti::settings
