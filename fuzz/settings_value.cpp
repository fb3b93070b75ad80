#include "entries.hpp"
#include "promise.hpp"
#include "settings/value.hpp"
#include "util/csv.hpp"

namespace tti::fuzz {
namespace {

constexpr std::array types{settings::Type::boolean, settings::Type::integer,     settings::Type::duration,
                           settings::Type::text,    settings::Type::secret_text, settings::Type::secret_list,
                           settings::Type::list,    settings::Type::time};
constexpr std::array syntaxes{settings::Syntax::flag, settings::Syntax::environment, settings::Syntax::file};

void duration(std::string_view text, settings::Syntax syntax) {
    const auto read = settings::parse_duration(text, syntax);
    if (!read) return;
    const auto again = settings::parse_duration(settings::format_duration(*read), syntax);
    promise(again && *again == *read, "a duration that does not come back");
}

void time(std::string_view text) {
    const auto read = settings::parse_time(text);
    if (!read) return;
    const auto again = settings::parse_time(settings::format_time(*read));
    promise(again && *again == *read, "a time that does not come back");
}

void fields(std::string_view text) {
    const auto read = util::parse_csv(text);
    if (!read) return;
    const auto again = util::parse_csv(util::format_csv(*read));
    promise(again && *again == *read, "fields that do not come back");
}

}  // namespace

void settings_value(std::string_view input) {
    if (input.empty()) return;
    const auto choice = static_cast<unsigned char>(input.front());
    const auto syntax = syntaxes.at(choice / types.size() % syntaxes.size());
    const settings::Option option{.name = "fuzz", .type = types.at(choice % types.size())};
    const auto text = input.substr(1);
    const auto value = settings::parse_value(option, text, syntax);
    promise(value || !value.error().empty(), "a refusal without a reason");
    duration(text, syntax);
    time(text);
    fields(text);
}

}  // namespace tti::fuzz
