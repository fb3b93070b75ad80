#include "util/csv.hpp"

#include "util/text.hpp"

namespace tti::util {
namespace {

constexpr std::string_view accepted =
    R"(accepted: values with commas between them; one with a comma in it stands in double quotes: one,"two, three")";

// Takes a field that starts with a double quote off `text`, its closing quote included.
Expected<std::string> take_quoted(std::string_view& text) {
    std::string field;
    text.remove_prefix(1);
    for (std::size_t end = text.find('"'); end != std::string_view::npos; end = text.find('"')) {
        field += text.substr(0, end);
        text.remove_prefix(end + 1);
        if (!text.starts_with('"')) return field;
        field += '"';
        text.remove_prefix(1);
    }
    return unexpected(std::string{accepted});
}

Expected<std::string> take_field(std::string_view& text) {
    if (text.starts_with('"')) return take_quoted(text);
    const std::string_view field = text.substr(0, text.find(','));
    if (field.find('"') != std::string_view::npos) return unexpected(std::string{accepted});
    text.remove_prefix(field.size());
    return std::string{field};
}

std::string format_field(const std::string& field) {
    if (!field.empty() && field.find_first_of(",\"\r\n") == std::string::npos) return field;
    return '"' + join(split(field, '"'), "\"\"") + '"';
}

}  // namespace

Expected<std::vector<std::string>> parse_csv(std::string_view text) {
    std::vector<std::string> fields;
    if (text.empty()) return fields;
    while (true) {
        Expected<std::string> field = take_field(text);
        if (!field) return unexpected(std::move(field.error()));
        fields.push_back(std::move(*field));
        if (text.empty()) return fields;
        if (!text.starts_with(',')) return unexpected(std::string{accepted});
        text.remove_prefix(1);
    }
}

std::string format_csv(std::span<const std::string> fields) {
    std::vector<std::string> formatted;
    for (const std::string& field : fields) formatted.push_back(format_field(field));
    return join(formatted, ",");
}

}  // namespace tti::util
