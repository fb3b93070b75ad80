#include "settings/value.hpp"

#include <gmock/gmock.h>

namespace tti::settings {
namespace {

using std::chrono::nanoseconds;
using testing::StartsWith;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""us;
using std::chrono_literals::operator""ns;
using List = std::vector<std::string>;

Option option_of(Type type, std::vector<std::string> choices = {}) {
    return {.name = "x", .type = type, .description = "x", .choices = std::move(choices)};
}

TEST(Boolean, AcceptsTheStacksForms) {
    for (const char* text : {"1", "t", "T", "TRUE", "True", "true"})
        EXPECT_EQ(parse_boolean(text), true) << text;
    for (const char* text : {"0", "f", "F", "FALSE", "False", "false"})
        EXPECT_EQ(parse_boolean(text), false) << text;
}

TEST(Boolean, RefusesTheRest) {
    for (const char* text : {"", "yes", "no", "on", "tRUE", "2", " true", "maybe"}) {
        ASSERT_FALSE(parse_boolean(text)) << text;
        EXPECT_EQ(parse_boolean(text).error(),
                  "accepted: true or false (also 1, t, T, TRUE, True, 0, f, F, FALSE, False)");
    }
}

TEST(Boolean, HasTwoFormsInFiles) {
    const Option option = option_of(Type::boolean);
    EXPECT_EQ(std::get<bool>(*parse_value(option, "true", Syntax::file)), true);
    EXPECT_EQ(std::get<bool>(*parse_value(option, "false", Syntax::file)), false);
    for (const char* text : {"1", "t", "True", "yes", "on", ""}) {
        const auto parsed = parse_value(option, text, Syntax::file);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error(), "accepted: true or false");
    }
}

TEST(Integer, AcceptsDecimalAndHexadecimal) {
    const std::vector<std::pair<std::string, std::int64_t>> cases{
        {"0", 0},
        {"42", 42},
        {"+7", 7},
        {"-7", -7},
        {"010", 10},
        {"0x1F", 31},
        {"0Xff", 255},
        {"-0x10", -16},
        {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
        {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
    };
    for (const auto& [text, number] : cases) EXPECT_EQ(parse_integer(text), number) << text;
}

TEST(Integer, RefusesTheRest) {
    for (const char* text : {"", "foo", "1.5", "1e3", "0x", "0xg", "--1", "+-1", " 1", "1 ",
                             "9223372036854775808", "-9223372036854775809", "18446744073709551616"}) {
        ASSERT_FALSE(parse_integer(text)) << text;
        EXPECT_THAT(parse_integer(text).error(), StartsWith("accepted: a whole number"));
    }
}

TEST(Duration, AcceptsGosSyntax) {
    const std::vector<std::pair<std::string, nanoseconds>> cases{
        {"0", 0ns},
        {"24h", 24h},
        {"1h30m", 90min},
        {"36h0m0s", 36h},
        {"10ms", 10ms},
        {"1.5h", 90min},
        {".5s", 500ms},
        {"1.s", 1s},
        {"3us", 3us},
        {"3\u00b5s", 3us},
        {"3\u03bcs", 3us},
        {"7ns", 7ns},
        {"-1m", -1min},
        {"+1m", 1min},
        {"1.2345678s", 1'234'567'800ns},
        {"2562047h47m16.854775807s", nanoseconds::max()},
    };
    for (const auto& [text, duration] : cases)
        EXPECT_EQ(parse_duration(text, Syntax::flag), duration) << text;
}

TEST(Duration, RefusesTheRest) {
    for (const Syntax syntax : {Syntax::flag, Syntax::environment, Syntax::file}) {
        for (const char* text : {"", "1d", "foo", "h", ".h", "1h30", "1 h", "1H", "-", "1.5", "1h-30m",
                                 "2562048h", "99999999999999999999h", "99999999999999999999"}) {
            ASSERT_FALSE(parse_duration(text, syntax)) << text;
            EXPECT_THAT(parse_duration(text, syntax).error(),
                        StartsWith("accepted: a duration such as 24h, 90m or 1h30m"));
        }
    }
}

TEST(Duration, TakesABareNumberAsNanosecondsOutsideFlags) {
    EXPECT_EQ(parse_duration("1000", Syntax::environment), 1us);
    EXPECT_EQ(parse_duration("1000", Syntax::file), 1us);
    EXPECT_EQ(parse_duration("-5", Syntax::file), -5ns);
    EXPECT_FALSE(parse_duration("1000", Syntax::flag));
    EXPECT_EQ(parse_duration("0", Syntax::flag), 0ns);
}

TEST(Duration, IsPrintedAsTheStackDoes) {
    const std::vector<std::pair<nanoseconds, std::string>> cases{
        {24h, "24h0m0s"},
        {90s, "1m30s"},
        {0ns, "0s"},
        {-90min, "-1h30m0s"},
        {1ns, "1ns"},
        {1500ns, "1.5\u00b5s"},
        {1500us, "1.5ms"},
        {999999us, "999.999ms"},
        {1500ms, "1.5s"},
        {61s + 5ms, "1m1.005s"},
        {10ms, "10ms"},
        {nanoseconds::max(), "2562047h47m16.854775807s"},
        {nanoseconds::min(), "-2562047h47m16.854775808s"},
    };
    for (const auto& [duration, text] : cases) EXPECT_EQ(format_duration(duration), text);
}

TEST(TimeText, AcceptsRfc3339) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"},
        {"2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00Z"},
        {"2025-12-31T23:30:00-01:30", "2026-01-01T01:00:00Z"},
        {"2024-02-29T00:00:00.5Z", "2024-02-29T00:00:00.500000Z"},
        {"2024-02-29T23:59:59.123456789Z", "2024-02-29T23:59:59.123456Z"},
        {"1969-12-31T23:59:59.000001Z", "1969-12-31T23:59:59.000001Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
    };
    for (const auto& [text, printed] : cases) {
        const auto time = parse_time(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(format_time(*time), printed) << text;
    }
    EXPECT_EQ(parse_time("1970-01-01T00:00:01Z"), Time{1s});
}

TEST(TimeText, RefusesTheRest) {
    for (const char* text :
         {"", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "2026-02-30T12:00:00Z",
          "2025-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z",
          "2026-01-31T12:00:60Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00Zx", "2026-1-31T12:00:00Z",
          "2026-01-31T12:00:00+0100", "24h"}) {
        ASSERT_FALSE(parse_time(text)) << text;
        EXPECT_THAT(parse_time(text).error(), StartsWith("accepted: a time such as"));
    }
}

TEST(ListText, IsReadByItsPlace) {
    const Option option = option_of(Type::list);
    const auto read = [&](std::string_view text, Syntax syntax) {
        return std::get<List>(*parse_value(option, text, syntax));
    };
    EXPECT_EQ(read(R"(a b,"c,d")", Syntax::flag), (List{"a b", "c,d"}));
    EXPECT_EQ(read("", Syntax::flag), List{});
    EXPECT_EQ(read(" a,b\tc ", Syntax::environment), (List{"a,b", "c"}));
    EXPECT_EQ(read("", Syntax::environment), List{});
    EXPECT_EQ(read("a,b c", Syntax::file), (List{"a,b", "c"}));
    EXPECT_FALSE(parse_value(option, R"("a)", Syntax::flag));
}

TEST(Choices, AreCheckedInAnyCase) {
    const Option option = option_of(Type::text, {"debug", "info", "warn"});
    EXPECT_EQ(std::get<std::string>(*parse_value(option, "WARN", Syntax::flag)), "warn");
    for (const char* text : {"", "warning"}) {
        const auto parsed = parse_value(option, text, Syntax::environment);
        ASSERT_FALSE(parsed);
        EXPECT_EQ(parsed.error(), "accepted: debug, info or warn");
    }
    EXPECT_EQ(parse_value(option_of(Type::text, {"dev_eui"}), "x", Syntax::flag).error(),
              "accepted: dev_eui");
}

TEST(Choices, AreCheckedForEveryItemOfAList) {
    const Option option = option_of(Type::list, {"a", "b"});
    EXPECT_EQ(std::get<List>(*parse_value(option, "A,b", Syntax::flag)), (List{"a", "b"}));
    EXPECT_EQ(parse_value(option, "a c", Syntax::environment).error(), "accepted: a or b");
    EXPECT_EQ(parse_list_items(option, {"a", "c"}).error(), "accepted: a or b");
}

TEST(ParsedValue, HasTheOptionsType) {
    EXPECT_EQ(std::get<std::int64_t>(*parse_value(option_of(Type::integer), "3", Syntax::flag)), 3);
    EXPECT_EQ(std::get<nanoseconds>(*parse_value(option_of(Type::duration), "3s", Syntax::flag)), 3s);
    EXPECT_EQ(std::get<std::string>(*parse_value(option_of(Type::text), " a ", Syntax::flag)), " a ");
    EXPECT_EQ(std::get<Secret>(*parse_value(option_of(Type::secret_text), "s", Syntax::flag)).reveal(), "s");
    EXPECT_EQ(std::get<Time>(*parse_value(option_of(Type::time), "1970-01-01T00:00:00Z", Syntax::flag)),
              Time{});
}

}  // namespace
}  // namespace tti::settings
