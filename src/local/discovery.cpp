#include "local/discovery.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "local/layout.hpp"
#include "local/private_file.hpp"
#include "local/record.hpp"
#include "local/unix_socket.hpp"

namespace tti::local {
namespace {

constexpr std::array<std::string_view, 3> names{"is.database-uri", "redis.address", "redis.password"};

std::optional<Discovered> discover_in(const std::filesystem::path& folder) {
    const Layout layout{folder};
    const auto text = read_file(layout.record());
    const auto record = text ? parse_record(*text) : unexpected("");
    if (!record || !answers(layout.postgres_socket(record->postgres_port)) ||
        !answers(layout.redis_socket())) {
        return std::nullopt;
    }
    return Discovered{folder, database_uri(*record), redis_address(*record), record->redis_password};
}

const settings::Option* find_option(const settings::Values& values, std::string_view name) {
    const auto& options = values.options();
    const auto option = std::ranges::find(options, name, &settings::Option::name);
    return option == options.end() ? nullptr : &*option;
}

void set(settings::Values& values, std::string_view name, const Secret& value,
         const settings::Source& source) {
    if (const auto* option = find_option(values, name)) {
        const bool secret = option->type == settings::Type::secret_text;
        values.set(option->name, secret ? settings::Value(value) : settings::Value(value.reveal()), source);
    }
}

void fill(settings::Values& values, operation::Reporter& reporter, const Discovered& found) {
    const bool wanted =
        std::ranges::any_of(names, [&](auto name) { return find_option(values, name) != nullptr; });
    if (!wanted) {
        return;
    }
    const settings::Source source{settings::Origin::local_deployment,
                                  fmt::format("the local deployment in {}", found.folder.string())};
    set(values, names[0], found.database_uri, source);
    set(values, names[1], Secret(found.redis_address), source);
    set(values, names[2], found.redis_password, source);
    reporter.log(operation::Level::info, fmt::format("using {}", source.where));
}

}  // namespace

std::optional<Discovered> discover(const settings::Surroundings& surroundings) {
    for (const auto& folder : candidate_folders(surroundings, geteuid() == 0)) {
        if (auto found = discover_in(folder)) {
            return found;
        }
    }
    return std::nullopt;
}

std::vector<std::string> decisive_settings() {
    return {names.begin(), names.end()};
}

cli::Adjust choose(const settings::Values& decisive, const settings::Surroundings& surroundings) {
    const bool given = std::ranges::any_of(names, [&](auto name) { return decisive.given(name); });
    const auto found = given ? std::nullopt : discover(surroundings);
    return [found](settings::Values& values, operation::Reporter& reporter) {
        if (found) {
            fill(values, reporter, *found);
        }
    };
}

}  // namespace tti::local
