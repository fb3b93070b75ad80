#include "settings/config_file.hpp"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::settings {
namespace {

// Deeper than any option; an alias may lead a map into itself.
constexpr int deepest = 16;
constexpr const char* file_hint =
    "The file has to be YAML with options as keys, such as \"is: {database-uri: ...}\".";

int line_of(const YAML::Mark& mark) {
    return mark.line + 1;
}

FileValue read_value(const YAML::Node& node, int line) {
    using Shape = FileValue::Shape;
    if (node.IsScalar()) return {Shape::scalar, {node.Scalar()}, line};
    if (node.IsMap()) return {Shape::map, {}, line};
    FileValue list{Shape::list, {}, line};
    for (const YAML::Node& item : node) {
        if (!item.IsScalar()) return {Shape::nested_list, {}, line};
        list.items.push_back(item.Scalar());
    }
    return list;
}

class Flattener {
  public:
    Flattener(ConfigFile& file, const std::function<bool(std::string_view)>& is_option)
        : file_(file), is_option_(is_option) {}

    void flatten(const YAML::Node& map, const std::string& prefix, int depth) {
        if (depth > deepest) return;
        if (const YAML::Node merged = map["<<"]) merge(merged, prefix, depth + 1);
        for (const auto& member : map) {
            if (member.first.IsScalar() && member.first.Scalar() != "<<") {
                add(member.first, member.second, prefix, depth);
            }
        }
    }

  private:
    // Before the map's own keys, which win; of several merged maps the first wins.
    void merge(const YAML::Node& merged, const std::string& prefix, int depth) {
        if (merged.IsMap()) flatten(merged, prefix, depth);
        if (!merged.IsSequence()) return;
        for (std::size_t i = merged.size(); i > 0; --i) {
            if (merged[i - 1].IsMap()) flatten(merged[i - 1], prefix, depth);
        }
    }

    void add(const YAML::Node& key, const YAML::Node& value, const std::string& prefix, int depth) {
        const std::string name = prefix + util::lower(key.Scalar());
        if (value.IsNull()) return;
        if (value.IsMap() && !is_option_(name)) {
            flatten(value, name + '.', depth + 1);
        } else {
            file_.values[name] = read_value(value, line_of(key.Mark()));
        }
    }

    ConfigFile& file_;
    const std::function<bool(std::string_view)>& is_option_;
};

}  // namespace

std::string ConfigFile::where(const FileValue& value) const {
    return fmt::format("{} line {}", path, value.line);
}

ConfigFile parse_config_file(const std::string& path, const std::string& text,
                             const std::function<bool(std::string_view)>& is_option) {
    ConfigFile file{path, {}};
    try {
        const YAML::Node root = YAML::Load(text);
        if (root.IsNull()) return file;
        if (!root.IsMap()) {
            throw UsageError(fmt::format("{} line {} is not a map of options", path, line_of(root.Mark())),
                             file_hint);
        }
        Flattener{file, is_option}.flatten(root, "", 0);
    } catch (const YAML::Exception& error) {
        throw UsageError(
            fmt::format("{} line {} is not valid YAML: {}", path, line_of(error.mark), error.msg), file_hint);
    }
    return file;
}

Expected<Value> parse_file_value(const Option& option, const FileValue& value) {
    using Shape = FileValue::Shape;
    if (value.shape == Shape::scalar) return parse_value(option, value.items.front(), Syntax::file);
    if (option.type != Type::list && option.type != Type::secret_list)
        return unexpected("accepted: a single value");
    if (value.shape != Shape::list) return unexpected("accepted: a list of texts");
    return parse_list_items(option, value.items);
}

std::string describe(const FileValue& value) {
    using Shape = FileValue::Shape;
    if (value.shape == Shape::scalar) return fmt::format("{:?}", value.items.front());
    return value.shape == Shape::map ? "a map" : "a list";
}

}  // namespace tti::settings
