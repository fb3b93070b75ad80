#include "settings/values.hpp"

#include <stdexcept>

#include <gmock/gmock.h>

namespace tti::settings {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;
using List = std::vector<std::string>;

Option option_of(std::string name, Type type, std::string default_text = {}) {
    return {
        .name = std::move(name), .type = type, .description = "x", .default_text = std::move(default_text)};
}

Values all_types() {
    Values values;
    values.declare(option_of("boolean", Type::boolean));
    values.declare(option_of("integer", Type::integer));
    values.declare(option_of("duration", Type::duration));
    values.declare(option_of("text", Type::text));
    values.declare(option_of("secret", Type::secret_text));
    values.declare(option_of("list", Type::list));
    values.declare(option_of("time", Type::time));
    return values;
}

TEST(Values, AreEmptyWithoutDefault) {
    const Values values = all_types();
    EXPECT_FALSE(values.boolean("boolean"));
    EXPECT_EQ(values.integer("integer"), 0);
    EXPECT_EQ(values.duration("duration"), 0s);
    EXPECT_EQ(values.text("text"), "");
    EXPECT_TRUE(values.secret("secret").empty());
    EXPECT_EQ(values.list("list"), List{});
    EXPECT_EQ(values.time("time"), std::nullopt);
    for (const Option& option : values.options()) {
        EXPECT_FALSE(values.has(option.name));
        EXPECT_EQ(values.display(option.name, true), "");
    }
}

TEST(Values, KnowDefaultsFromWhatWasGiven) {
    Values values;
    values.declare(option_of("a", Type::integer, "3"));
    EXPECT_EQ(values.integer("a"), 3);
    EXPECT_TRUE(values.has("a"));
    EXPECT_FALSE(values.given("a"));
    EXPECT_EQ(values.source("a").where, "the default");

    values.set("a", std::int64_t{4}, {Origin::local_deployment, "the local deployment"});
    EXPECT_EQ(values.integer("a"), 4);
    EXPECT_FALSE(values.given("a"));
    for (const Origin origin : {Origin::file, Origin::environment, Origin::flag}) {
        values.set("a", std::int64_t{5}, {origin, "somewhere"});
        EXPECT_TRUE(values.given("a"));
        EXPECT_EQ(values.source("a").where, "somewhere");
    }
}

TEST(Values, AreDisplayedInFlagSyntax) {
    Values values = all_types();
    const Source source{Origin::flag, "flag"};
    values.set("boolean", true, source);
    values.set("integer", std::int64_t{-3}, source);
    values.set("duration", std::chrono::nanoseconds{24h}, source);
    values.set("text", std::string{"a b"}, source);
    values.set("secret", Secret{"hunter2"}, source);
    values.set("list", List{"a", "b,c"}, source);
    values.set("time", Time{1s}, source);
    EXPECT_EQ(values.display("boolean", false), "true");
    EXPECT_EQ(values.display("integer", false), "-3");
    EXPECT_EQ(values.display("duration", false), "24h0m0s");
    EXPECT_EQ(values.display("text", false), "a b");
    EXPECT_EQ(values.display("secret", false), Secret::mask);
    EXPECT_EQ(values.display("secret", true), "hunter2");
    EXPECT_EQ(values.display("list", false), "a,\"b,c\"");
    EXPECT_EQ(values.display("list", false, " "), "a b,c");
    EXPECT_EQ(values.display("time", false), "1970-01-01T00:00:01Z");
    values.set("boolean", false, source);
    values.set("secret", Secret{}, source);
    EXPECT_EQ(values.display("boolean", false), "false");
    EXPECT_EQ(values.display("secret", false), "") << "an empty secret is told from a set one";
}

TEST(Values, KeepTheOrderOfDeclaration) {
    const Values values = all_types();
    ASSERT_EQ(values.options().size(), 7U);
    EXPECT_EQ(values.options().front().name, "boolean");
    EXPECT_EQ(values.options().back().name, "time");
}

TEST(Values, ReportFaultsOfOurs) {
    Values values = all_types();
    EXPECT_THROW((void)values.text("unknown"), std::logic_error);
    EXPECT_THROW((void)values.has("unknown"), std::logic_error);
    EXPECT_THROW((void)values.given("unknown"), std::logic_error);
    EXPECT_THROW((void)values.source("unknown"), std::logic_error);
    EXPECT_THROW((void)values.display("unknown", false), std::logic_error);
    EXPECT_THROW((void)values.text("secret"), std::logic_error) << "also without a value";
    EXPECT_THROW((void)values.boolean("integer"), std::logic_error);
    EXPECT_THROW((void)values.integer("duration"), std::logic_error);
    EXPECT_THROW((void)values.duration("integer"), std::logic_error);
    EXPECT_THROW((void)values.secret("text"), std::logic_error);
    EXPECT_THROW((void)values.list("text"), std::logic_error);
    EXPECT_THROW((void)values.time("text"), std::logic_error);
    EXPECT_THROW(values.set("unknown", true, {}), std::logic_error);
    EXPECT_THROW(values.set("text", true, {}), std::logic_error);
    EXPECT_THROW(values.declare(option_of("text", Type::text)), std::logic_error);
    EXPECT_THROW(values.declare(option_of("bad", Type::integer, "x")), std::logic_error);
}

}  // namespace
}  // namespace tti::settings
