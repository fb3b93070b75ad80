#include "settings/config_file.hpp"

#include <gmock/gmock.h>

#include "util/error.hpp"

namespace tti::settings {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using List = std::vector<std::string>;

ConfigFile parse(const std::string& text) {
    return parse_config_file("stack.yml", text,
                             [](std::string_view name) { return name == "is.delete.restore"; });
}

std::map<std::string, List> values_of(const ConfigFile& file) {
    std::map<std::string, List> values;
    for (const auto& [name, value] : file.values) values[name] = value.items;
    return values;
}

using Lists = std::map<std::string, List>;

struct FileCase {
    std::string text;
    Lists values;
};

TEST(ConfigFile, IsFlattenedToDottedKeys) {
    const std::vector<FileCase> cases{
        {"", {}},
        {"# nothing\n", {}},
        {"---\nis:\n  delete:\n    restore: 1h\n", {{"is.delete.restore", {"1h"}}}},
        {"is.delete.restore: 1h", {{"is.delete.restore", {"1h"}}}},
        {"is.delete: {restore: 1h}", {{"is.delete.restore", {"1h"}}}},
        {"IS:\n  Delete:\n    RESTORE: 1H\n", {{"is.delete.restore", {"1H"}}}},
        {R"({"is": {"database-uri": "x", "n": 3}})", {{"is.database-uri", {"x"}}, {"is.n", {"3"}}}},
        {"a: null\nb: ~\nc:\nd: ''\ne: 'null'\n", {{"d", {""}}, {"e", {"null"}}}},
        {"is:\n", {}},
        {"a: [x, 'y z', 3]", {{"a", {"x", "y z", "3"}}}},
        {"a: []", {{"a", {}}}},
        {"a: 1\na: 2\n", {{"a", {"2"}}}},
        {"a.b: 1\na: {b: 2}\n", {{"a.b", {"2"}}}},
        {"x: &x {b: 1}\na: *x\n", {{"x.b", {"1"}}, {"a.b", {"1"}}}},
        {"x: &x {b: 1, c: 1}\na:\n  c: 2\n  <<: *x\n",
         {{"x.b", {"1"}}, {"x.c", {"1"}}, {"a.b", {"1"}}, {"a.c", {"2"}}}},
        {"a:\n  <<: [{b: 1}, {b: 2, c: 2}]\n", {{"a.b", {"1"}}, {"a.c", {"2"}}}},
        {"1: x\n? [complex, key]\n: y\n", {{"1", {"x"}}}},
    };
    for (const auto& [text, values] : cases) EXPECT_EQ(values_of(parse(text)), values) << text;
}

TEST(ConfigFile, SurvivesAMapInItself) {
    const ConfigFile file = parse("a: &a\n  b: 1\n  a: *a\n");
    EXPECT_EQ(file.values.at("a.b").items, List{"1"});
}

TEST(ConfigFile, KnowsLines) {
    const ConfigFile file = parse("# comment\nis:\n\n  delete:\n    restore: 1h\n  list:\n    - a\n");
    EXPECT_EQ(file.where(file.values.at("is.delete.restore")), "stack.yml line 5");
    EXPECT_EQ(file.where(file.values.at("is.list")), "stack.yml line 6");
}

TEST(ConfigFile, KeepsTheShapeOfAnOptionsValue) {
    using Shape = FileValue::Shape;
    EXPECT_EQ(parse("is.delete.restore: {a: 1}").values.at("is.delete.restore").shape, Shape::map);
    EXPECT_EQ(parse("is.delete.restore: [1]").values.at("is.delete.restore").shape, Shape::list);
    EXPECT_EQ(parse("is.delete.restore: [[1]]").values.at("is.delete.restore").shape, Shape::nested_list);
    EXPECT_EQ(parse("is.delete.restore: [~]").values.at("is.delete.restore").shape, Shape::nested_list);
}

TEST(ConfigFile, RefusesWhatIsNoYamlMap) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"is:\n  a: [1\nb: 2\n", "stack.yml line 3 is not valid YAML: "},
        {"a: b: c\n", "stack.yml line 1 is not valid YAML: "},
        {"a: *unknown\n", "stack.yml line 1 is not valid YAML: "},
        {"\n- a\n- b\n", "stack.yml line 2 is not a map of options"},
        {"just text", "stack.yml line 1 is not a map of options"},
        {"[is]\ndatabase-uri = \"x\"\n", "stack.yml line "},
    };
    for (const auto& [text, message] : cases) {
        try {
            parse(text);
            ADD_FAILURE() << text;
        } catch (const UsageError& error) {
            EXPECT_THAT(error.what(), StartsWith(message)) << text;
            EXPECT_FALSE(error.hint().empty());
        }
    }
}

TEST(FileValue, IsReadAsTheOptionsType) {
    using Shape = FileValue::Shape;
    const Option text{.name = "x", .type = Type::text, .description = {}};
    const Option list{.name = "x", .type = Type::list, .description = {}};
    EXPECT_EQ(std::get<std::string>(*parse_file_value(text, {Shape::scalar, {"a b"}})), "a b");
    EXPECT_EQ(std::get<List>(*parse_file_value(list, {Shape::scalar, {"a b"}})), (List{"a", "b"}));
    EXPECT_EQ(std::get<List>(*parse_file_value(list, {Shape::list, {"a b", "c,d"}})), (List{"a b", "c,d"}));
    EXPECT_EQ(parse_file_value(text, {Shape::map}).error(), "accepted: a single value");
    EXPECT_EQ(parse_file_value(text, {Shape::list, {"a"}}).error(), "accepted: a single value");
    EXPECT_EQ(parse_file_value(list, {Shape::map}).error(), "accepted: a list of texts");
    EXPECT_EQ(parse_file_value(list, {Shape::nested_list}).error(), "accepted: a list of texts");
}

}  // namespace
}  // namespace tti::settings
