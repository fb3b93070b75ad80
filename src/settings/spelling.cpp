#include <algorithm>
#include <array>
#include <set>

#include "settings/catalogue.hpp"
#include "settings/stack_options.hpp"
#include "util/text.hpp"

namespace tti::settings {
namespace {

// Groups in which every option of the stack is known here, so that an unknown one can only be a mistake.
constexpr std::array<std::string_view, 14> own_groups{
    "is.delete",
    "is.dev-eui-block",
    "is.user-registration.password-requirements",
    "log",
    "tenancy",
    "redis",
    "redis.failover",
    "redis.tls",
    "cache.redis",
    "cache.redis.failover",
    "cache.redis.tls",
    "events.redis",
    "events.redis.failover",
    "events.redis.tls",
};

std::string dotted(const std::string& name) {
    return name;
}

// A variable's name does not tell a dot from a dash, so names are compared in one form: as they stand in
// files, or as they stand in the environment.
struct Form {
    std::string (*write)(const std::string& name);
    char separator;

    [[nodiscard]] bool is_in(const std::string& written, const std::string& group) const {
        return written.starts_with(write(group) + separator);
    }
};
constexpr Form file_form{dotted, '.'};
constexpr Form environment_form{environment_name, '_'};

bool is_ours(const std::string& written, const Form& form) {
    return std::ranges::any_of(catalogue(),
                               [&](const Option& option) { return form.write(option.name) == written; });
}

bool is_of_the_stack(const std::string& written, const Form& form) {
    constexpr std::string_view everything_in = ".*";
    return std::ranges::any_of(stack_options(), [&](std::string_view name) {
        if (!name.ends_with(everything_in)) return form.write(std::string{name}) == written;
        return form.is_in(written, std::string{name.substr(0, name.size() - everything_in.size())});
    });
}

std::set<std::string> groups() {
    std::set<std::string> result;
    for (const Option& option : catalogue()) {
        for (auto dot = option.name.find('.'); dot != std::string::npos;
             dot = option.name.find('.', dot + 1)) {
            result.insert(option.name.substr(0, dot));
        }
    }
    return result;
}

// The innermost group of ours that holds `written`; empty where none does.
std::string group_of(const std::string& written, const Form& form) {
    std::string innermost;
    for (const std::string& group : groups()) {
        if (group.size() > innermost.size() && form.is_in(written, group)) innermost = group;
    }
    return innermost;
}

std::string nearest_in_form(const std::string& written, const Form& form) {
    if (is_ours(written, form) || is_of_the_stack(written, form)) return {};
    const std::string group = group_of(written, form);
    if (group.empty()) return {};

    std::vector<std::string> names;
    std::vector<std::string> candidates;
    for (const Option& option : catalogue()) {
        if (!option.name.starts_with(group + '.')) continue;
        names.push_back(option.name);
        candidates.push_back(form.write(option.name));
    }
    const bool own = std::ranges::find(own_groups, group) != own_groups.end();
    const std::string found =
        own ? util::nearest(written, candidates) : util::suggestion(written, candidates);
    const auto position = std::ranges::find(candidates, found) - candidates.begin();
    return found.empty() ? std::string{} : names[static_cast<std::size_t>(position)];
}

}  // namespace

bool is_known_elsewhere(std::string_view name) {
    const std::string written{name};
    return !is_ours(written, file_form) && is_of_the_stack(written, file_form);
}

std::string nearest_option(std::string_view name) {
    return nearest_in_form(std::string{name}, file_form);
}

std::string nearest_option_of_variable(std::string_view variable) {
    return nearest_in_form(std::string{variable}, environment_form);
}

}  // namespace tti::settings
