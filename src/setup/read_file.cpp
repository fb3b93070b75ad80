#include <algorithm>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "setup/fields.hpp"
#include "setup/given.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::setup {
namespace {

constexpr const char* yaml_hint = "tti-lw-stack setup --example prints a file to begin with.";

int line_of(const YAML::Node& node) {
    return node.Mark().line + 1;
}

std::string_view shape(const YAML::Node& node) {
    if (node.IsMap()) return "a map";
    return node.IsSequence() ? "a list" : "a single text";
}

// What somebody would write who thinks that the secret itself belongs here.
bool is_secret_itself(std::string_view key) {
    return key.ends_with("secret") || key.ends_with("password");
}

class FileReader {
  public:
    FileReader(std::string path, Given& given) : path_(std::move(path)), given_(given) {}

    void read(const YAML::Node& root) { read_map(root, ""); }

  private:
    void read_map(const YAML::Node& map, const std::string& prefix) {
        std::map<std::string, int> seen;
        for (const auto& member : map) {
            if (!is_new_key(member.first, seen)) continue;
            read_member(prefix + member.first.Scalar(), member.first, member.second);
        }
    }

    void read_member(const std::string& name, const YAML::Node& key, const YAML::Node& value) {
        if (value.IsNull()) {
            if (!is_known(name)) unknown(name, key, known_names(), "");
        } else if (is_field(name)) {
            read_text(given_.texts, name, name, key, value);
        } else if (const auto* list = find_list(name)) {
            read_list(*list, key, value);
        } else if (!is_group(name)) {
            unknown(name, key, known_names(), "");
        } else if (value.IsMap()) {
            read_map(value, name + ".");
        } else {
            wrong_shape(name, key, value, "a map");
        }
    }

    void read_list(const ListField& list, const YAML::Node& key, const YAML::Node& value) {
        if (!value.IsSequence()) return wrong_shape(list.option.name, key, value, "a list of maps");
        auto& items = given_.lists[list.option.name];
        for (const YAML::Node& node : value) {
            if (node.IsMap()) {
                items.push_back(read_item(list, node));
            } else {
                problem(line_of(node), fmt::format("an item of {} has to be a map, and is {}",
                                                   list.option.name, shape(node)));
            }
        }
    }

    Item read_item(const ListField& list, const YAML::Node& node) {
        Item item{where(line_of(node)), line_of(node), {}};
        std::map<std::string, int> seen;
        std::vector<std::string> names;
        for (const auto& field : list.items) names.push_back(field.option.name);
        for (const auto& member : node) {
            if (!is_new_key(member.first, seen)) continue;
            const auto& name = member.first.Scalar();
            if (std::ranges::find(names, name) == names.end()) {
                unknown(name, member.first, names, " of " + list.option.name);
            } else if (!member.second.IsNull()) {
                read_text(item.texts, name, fmt::format("{} of {}", name, list.option.name), member.first,
                          member.second);
            }
        }
        return item;
    }

    void read_text(Texts& texts, const std::string& name, const std::string& words, const YAML::Node& key,
                   const YAML::Node& value) {
        if (!value.IsScalar()) return wrong_shape(words, key, value, "a single text");
        // With and without points a key can stand in two maps.
        const auto [first, is_new] =
            texts.emplace(name, Text{value.Scalar(), where(line_of(key)), line_of(key)});
        if (!is_new)
            problem(line_of(key), fmt::format("{} stands in line {} already", words, first->second.line));
    }

    bool is_new_key(const YAML::Node& key, std::map<std::string, int>& seen) {
        if (!key.IsScalar()) {
            problem(line_of(key), "a key has to be a single text");
            return false;
        }
        const auto [first, is_new] = seen.emplace(key.Scalar(), line_of(key));
        if (!is_new)
            problem(line_of(key), fmt::format("{} stands in line {} already", key.Scalar(), first->second));
        return is_new;
    }

    void unknown(const std::string& name, const YAML::Node& key, const std::vector<std::string>& names,
                 const std::string& of) {
        const auto meant = util::suggestion(name, names);
        std::string help = meant.empty() ? "" : fmt::format("; did you mean {}?", meant);
        if (is_secret_itself(name)) {
            help =
                fmt::format("; a secret has no place in a file: write {}-from: file:PATH or env:NAME", name);
        }
        problem(line_of(key), fmt::format("there is no key {}{}{}", name, of, help));
    }

    void wrong_shape(const std::string& words, const YAML::Node& key, const YAML::Node& value,
                     std::string_view wanted) {
        problem(line_of(key), fmt::format("{} has to be {}, and is {}", words, wanted, shape(value)));
    }

    void problem(int line, const std::string& what) {
        given_.problems.push_back({line, fmt::format("{}: {}", where(line), what)});
    }

    [[nodiscard]] std::string where(int line) const { return fmt::format("{} line {}", path_, line); }

    static bool is_field(std::string_view name) {
        return std::ranges::any_of(fields(), [&](const Field& field) { return field.option.name == name; });
    }
    static bool is_group(const std::string& name) {
        return std::ranges::any_of(
            fields(), [&](const Field& field) { return field.option.name.starts_with(name + "."); });
    }
    static const ListField* find_list(std::string_view name) {
        const auto found = std::ranges::find_if(
            list_fields(), [&](const ListField& list) { return list.option.name == name; });
        return found == list_fields().end() ? nullptr : &*found;
    }
    static bool is_known(const std::string& name) {
        return is_field(name) || is_group(name) || find_list(name) != nullptr;
    }
    static std::vector<std::string> known_names() {
        std::vector<std::string> names;
        for (const auto& field : fields()) names.push_back(field.option.name);
        for (const auto& list : list_fields()) names.push_back(list.option.name);
        return names;
    }

    std::string path_;
    Given& given_;
};

}  // namespace

Given read_file_text(const std::string& path, const std::string& text) {
    Given given;
    try {
        const YAML::Node root = YAML::Load(text);
        if (!root.IsMap()) {
            throw UsageError(fmt::format("{} is no description of a deployment: it has to be a map", path),
                             yaml_hint);
        }
        FileReader(path, given).read(root);
    } catch (const YAML::Exception& error) {
        throw UsageError(
            fmt::format("{} line {} is not valid YAML: {}", path, error.mark.line + 1, error.msg), yaml_hint);
    }
    return given;
}

}  // namespace tti::setup
