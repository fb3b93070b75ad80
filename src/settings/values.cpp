#include "settings/values.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "util/csv.hpp"
#include "util/text.hpp"

namespace tti::settings {
namespace {

bool fits(const Value& value, Type type) {
    switch (type) {
        case Type::boolean:
            return std::holds_alternative<bool>(value);
        case Type::integer:
            return std::holds_alternative<std::int64_t>(value);
        case Type::duration:
            return std::holds_alternative<std::chrono::nanoseconds>(value);
        case Type::text:
            return std::holds_alternative<std::string>(value);
        case Type::secret_text:
            return std::holds_alternative<Secret>(value);
        case Type::list:
            return std::holds_alternative<std::vector<std::string>>(value);
        case Type::secret_list:
            return std::holds_alternative<std::vector<Secret>>(value);
        case Type::time:
            return std::holds_alternative<Time>(value);
    }
    return false;
}

void require(bool condition, std::string_view name, std::string_view what) {
    if (!condition) throw std::logic_error(fmt::format("option {} {}", name, what));
}

// The held value, or `empty` where there is none.
template <typename T>
const T& held(const std::optional<Value>& value, const T& empty) {
    return value ? std::get<T>(*value) : empty;
}

// Turns a value into text; a type of its own so that every alternative of Value has to be thought of.
struct Display {
    bool show_secrets;
    std::string_view separator;

    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(std::chrono::nanoseconds value) const { return format_duration(value); }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const Secret& value) const {
        return show_secrets || value.empty() ? value.reveal() : std::string{Secret::mask};
    }
    std::string operator()(const std::vector<std::string>& value) const {
        return separator == "," ? util::format_csv(value) : util::join(value, separator);
    }
    std::string operator()(const std::vector<Secret>& value) const {
        std::vector<std::string> texts;
        texts.reserve(value.size());
        for (const Secret& secret : value) texts.push_back((*this)(secret));
        return (*this)(texts);
    }
    std::string operator()(Time value) const { return format_time(value); }
};

}  // namespace

void Values::declare(const Option& option) {
    Entry declared;
    if (!option.default_text.empty()) {
        Expected<Value> value = parse_value(option, option.default_text, Syntax::flag);
        require(value.has_value(), option.name, "has a default that it does not accept");
        declared.value = std::move(*value);
    }
    require(entries_.emplace(option.name, std::move(declared)).second, option.name, "was declared twice");
    types_.emplace(option.name, option.type);
    options_.push_back(option);
}

void Values::set(const std::string& name, Value value, Source source) {
    const auto found = entries_.find(name);
    require(found != entries_.end(), name, "was not declared");
    require(fits(value, types_.at(name)), name, "was set to a value of another type");
    found->second = {std::move(value), std::move(source)};
}

const Values::Entry& Values::entry(std::string_view name) const {
    const auto found = entries_.find(name);
    require(found != entries_.end(), name, "was not declared");
    return found->second;
}

const std::optional<Value>& Values::value(std::string_view name, Type type) const {
    const Entry& found = entry(name);
    require(types_.find(name)->second == type, name, "was asked for as another type");
    return found.value;
}

bool Values::has(std::string_view name) const {
    return entry(name).value.has_value();
}

bool Values::given(std::string_view name) const {
    const Origin origin = entry(name).source.origin;
    return origin == Origin::file || origin == Origin::environment || origin == Origin::flag;
}

const Source& Values::source(std::string_view name) const {
    return entry(name).source;
}

bool Values::boolean(std::string_view name) const {
    return held(value(name, Type::boolean), false);
}

std::int64_t Values::integer(std::string_view name) const {
    return held(value(name, Type::integer), std::int64_t{0});
}

std::chrono::nanoseconds Values::duration(std::string_view name) const {
    return held(value(name, Type::duration), std::chrono::nanoseconds{0});
}

const std::string& Values::text(std::string_view name) const {
    static const std::string empty;
    return held(value(name, Type::text), empty);
}

const Secret& Values::secret(std::string_view name) const {
    static const Secret empty;
    return held(value(name, Type::secret_text), empty);
}

const std::vector<std::string>& Values::list(std::string_view name) const {
    static const std::vector<std::string> empty;
    return held(value(name, Type::list), empty);
}

const std::vector<Secret>& Values::secrets(std::string_view name) const {
    static const std::vector<Secret> empty;
    return held(value(name, Type::secret_list), empty);
}

std::optional<Time> Values::time(std::string_view name) const {
    const std::optional<Value>& found = value(name, Type::time);
    return found ? std::optional{std::get<Time>(*found)} : std::nullopt;
}

std::string Values::display(std::string_view name, bool show_secrets, std::string_view separator) const {
    const std::optional<Value>& found = entry(name).value;
    return found ? std::visit(Display{show_secrets, separator}, *found) : std::string{};
}

}  // namespace tti::settings
