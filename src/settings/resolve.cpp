#include "settings/resolve.hpp"

#include <algorithm>
#include <set>
#include <span>

#include <fmt/format.h>
#include <unistd.h>

#include "settings/bad_value.hpp"
#include "settings/catalogue.hpp"
#include "settings/config_file.hpp"
#include "settings/config_paths.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/text.hpp"

namespace tti::settings {
namespace {

constexpr std::string_view config_option = "config";
constexpr const char* value_hint =
    "Correct it in the named place; a flag goes before a variable, and a variable before a file.";
constexpr const char* flag_hint = "Run the command with --help to see its options.";

// What one source says about an option: the value or what is wrong, the text for a message, and where it
// stands.
struct Found {
    Expected<Value> value;
    std::string shown;
    Source source;
    bool bare_number = false;  // the text is one
};

class Resolver {
  public:
    Resolver(const std::vector<FlagText>& given, const Surroundings& surroundings)
        : given_(given), surroundings_(surroundings) {}

    void read_files(const std::vector<Option>& settings);
    void add_flags(const std::vector<Option>& flags);
    void add_settings(const std::vector<Option>& settings);
    void refuse_unknown_flags() const;
    Resolution finish();

  private:
    [[nodiscard]] std::optional<Found> from_flag(const Option& option) const;
    [[nodiscard]] std::optional<Found> from_environment(const Option& option) const;
    [[nodiscard]] std::optional<Found> from_files(const Option& option) const;
    void take(const Option& option, std::optional<Found> found);
    void read_named_files(const Option& config, const Found& named);
    void read_default_files();
    void read_file(const std::filesystem::path& path, const std::string& shown, const std::string& text);
    void warn_about_file(const ConfigFile& file);
    void warn_about_environment();
    void warn_about_bare_number(const Option& option, const Found& found);

    const std::vector<FlagText>& given_;
    const Surroundings& surroundings_;
    std::set<std::string, std::less<>> names_;  // of all options, also those that this command does not use
    std::vector<ConfigFile> files_;
    std::vector<std::string> problems_;  // bad values, a sentence each
    std::vector<std::string> missing_;   // required flags
    Resolution resolution_;
};

std::string problem(const Option& option, const Found& found) {
    const bool secret = option.type == Type::secret_text || option.type == Type::secret_list;
    return fmt::format("option {} = {} ({}): {}", option.name, secret ? in_quotes(Secret::mask) : found.shown,
                       found.source.where, found.value.error());
}

std::string missing_message(const std::vector<std::string>& names) {
    return names.size() == 1 ? fmt::format("option {} is missing", names.front())
                             : fmt::format("options {} are missing", util::join(names, ", "));
}

template <typename T>
void append(T& all, T more) {
    std::ranges::move(more, std::back_inserter(all));
}

// Every text of a repeated flag has to be good; the last counts, lists grow.
Expected<Value> parse_repeated(const Option& option, const std::vector<std::string>& texts) {
    Expected<Value> result = parse_value(option, texts.front(), Syntax::flag);
    for (const std::string& text : std::span{texts}.subspan(1)) {
        if (!result) return result;
        Expected<Value> next = parse_value(option, text, Syntax::flag);
        if (next && option.type == Type::list) {
            append(std::get<std::vector<std::string>>(*result), std::get<std::vector<std::string>>(*next));
        } else if (next && option.type == Type::secret_list) {
            append(std::get<std::vector<Secret>>(*result), std::get<std::vector<Secret>>(*next));
        } else {
            result = std::move(next);
        }
    }
    return result;
}

std::optional<Found> Resolver::from_flag(const Option& option) const {
    std::vector<std::string> texts;
    for (const FlagText& flag : given_) {
        if (flag.name == option.name) texts.push_back(flag.text);
    }
    if (texts.empty()) return std::nullopt;
    std::vector<std::string> shown;
    std::ranges::transform(texts, std::back_inserter(shown), in_quotes);
    const bool bare = is_bare_number(texts.back());
    return Found{parse_repeated(option, texts),
                 util::join(shown, ", "),
                 {Origin::flag, (option.positional ? "argument " : "flag ") + shown_name(option)},
                 bare};
}

std::optional<Found> Resolver::from_environment(const Option& option) const {
    const auto found = surroundings_.environment.find(environment_name(option.name));
    if (found == surroundings_.environment.end()) return std::nullopt;
    const auto& [name, text] = *found;
    const bool bare = is_bare_number(text);
    return Found{parse_value(option, text, Syntax::environment),
                 in_quotes(text),
                 {Origin::environment, "variable " + name},
                 bare};
}

std::optional<Found> Resolver::from_files(const Option& option) const {
    for (const ConfigFile& file : files_) {
        const auto found = file.values.find(option.name);
        if (found == file.values.end()) continue;
        const FileValue& value = found->second;
        const bool bare = !value.items.empty() && is_bare_number(value.items.front());
        return Found{
            parse_file_value(option, value), describe(value), {Origin::file, file.where(value)}, bare};
    }
    return std::nullopt;
}

void Resolver::warn_about_bare_number(const Option& option, const Found& found) {
    resolution_.warnings.push_back({fmt::format(
        "option {} = {} ({}) has no unit and means nanoseconds; write a unit, such as 100ms or 24h",
        option.name, found.shown, found.source.where)});
}

void Resolver::take(const Option& option, std::optional<Found> found) {
    resolution_.values.declare(option);
    if (!found) {
        if (option.required && !resolution_.values.has(option.name)) {
            missing_.push_back(shown_name(option));
        }
    } else if (found->value) {
        if (option.type == Type::duration && found->bare_number) warn_about_bare_number(option, *found);
        resolution_.values.set(option.name, std::move(*found->value), std::move(found->source));
    } else {
        problems_.push_back(problem(option, *found));
    }
}

void Resolver::add_flags(const std::vector<Option>& flags) {
    for (const Option& option : flags) take(option, from_flag(option));
}

void Resolver::add_settings(const std::vector<Option>& settings) {
    for (const Option& option : settings) {
        std::optional<Found> found = from_flag(option);
        if (!found) found = from_environment(option);
        if (!found && option.name != config_option) found = from_files(option);
        take(option, std::move(found));
    }
}

void Resolver::refuse_unknown_flags() const {
    std::vector<std::string> known;
    for (const Option& option : resolution_.values.options()) known.push_back(option.name);
    for (const FlagText& flag : given_) {
        if (flag.name == config_option || std::ranges::find(known, flag.name) != known.end()) continue;
        const std::string meant = util::suggestion(flag.name, known);
        throw UsageError(fmt::format("unknown option --{}", flag.name),
                         meant.empty() ? flag_hint : fmt::format("Did you mean --{}?", meant));
    }
}

void Resolver::read_files(const std::vector<Option>& settings) {
    for (const Option& option : settings) names_.insert(option.name);
    for (const Option& option : catalogue()) names_.insert(option.name);

    const Option config{.name = std::string{config_option}, .type = Type::list, .description = {}};
    std::optional<Found> named = from_flag(config);
    if (!named) named = from_environment(config);
    if (named) {
        read_named_files(config, *named);
    } else {
        read_default_files();
    }
    warn_about_environment();
}

void Resolver::read_named_files(const Option& config, const Found& named) {
    if (!named.value) throw UsageError(problem(config, named), value_hint);
    for (const std::string& path : std::get<std::vector<std::string>>(*named.value)) {
        const Expected<std::string> text = util::read_file(surroundings_.working_directory / path);
        if (!text) {
            throw UsageError(
                fmt::format("config file {} ({}) cannot be read: {}", path, named.source.where, text.error()),
                "Name files that exist with --config or TTN_LW_CONFIG, or leave it out.");
        }
        read_file(path, path, *text);
    }
}

void Resolver::read_default_files() {
    for (const std::filesystem::path& path : default_config_paths(surroundings_)) {
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(path, ignored)) continue;
        if (const Expected<std::string> text = util::read_file(path)) {
            read_file(path, path.string(), *text);
        } else {
            resolution_.warnings.push_back(
                {fmt::format("config file {} is left out: {}", path.string(), text.error())});
        }
    }
}

void Resolver::read_file(const std::filesystem::path& path, const std::string& shown,
                         const std::string& text) {
    files_.push_back(
        parse_config_file(shown, text, [this](std::string_view name) { return names_.contains(name); }));
    resolution_.files.push_back(path);
    warn_about_file(files_.back());
}

void Resolver::warn_about_file(const ConfigFile& file) {
    for (const auto& [name, value] : file.values) {
        if (names_.contains(name)) continue;
        const std::string meant = nearest_option(name);
        if (meant.empty()) continue;
        resolution_.warnings.push_back(
            {fmt::format("unknown option {} in {}; did you mean {}?", name, file.where(value), meant)});
    }
}

void Resolver::warn_about_environment() {
    std::set<std::string> known;
    for (const std::string& name : names_) known.insert(environment_name(name));
    for (const auto& [variable, text] : surroundings_.environment) {
        if (known.contains(variable)) continue;
        const std::string meant = nearest_option_of_variable(variable);
        if (meant.empty()) continue;
        resolution_.warnings.push_back(
            {fmt::format("unknown variable {}; did you mean {}?", variable, environment_name(meant))});
    }
}

Resolution Resolver::finish() {
    if (!problems_.empty()) throw UsageError(util::join(problems_, "\n"), value_hint);
    if (!missing_.empty()) throw UsageError(missing_message(missing_), flag_hint);
    return std::move(resolution_);
}

}  // namespace

Surroundings process_surroundings() {
    Surroundings surroundings;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const std::size_t end = text.find('=');
        if (end == std::string_view::npos) continue;
        surroundings.environment.emplace(text.substr(0, end), text.substr(end + 1));
    }
    std::error_code ignored;  // a deleted folder holds no files
    surroundings.working_directory = std::filesystem::current_path(ignored);
    return surroundings;
}

Resolution resolve(const std::vector<Option>& settings, const std::vector<Option>& flags,
                   const std::vector<FlagText>& given, const Surroundings& surroundings) {
    Resolver resolver{given, surroundings};
    resolver.read_files(settings);
    resolver.add_settings(settings);
    resolver.add_flags(flags);
    resolver.refuse_unknown_flags();
    return resolver.finish();
}

Resolution resolve_flags(const std::vector<Option>& flags, const std::vector<FlagText>& given) {
    const Surroundings nothing;
    Resolver resolver{given, nothing};
    resolver.add_flags(flags);
    resolver.refuse_unknown_flags();
    return resolver.finish();
}

}  // namespace tti::settings
