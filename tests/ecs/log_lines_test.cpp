#include "ecs/log_lines.hpp"

#include <gmock/gmock.h>

namespace tti::ecs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;
using Events = std::vector<aws::LogEvent>;

aws::LogEvent event(int milliseconds, std::string text) {
    const aws::Time time{std::chrono::milliseconds(milliseconds)};
    return {time, std::move(text), time + 5s};
}

std::string numbered(std::size_t number, const std::string& text) {
    return "{\"relay\":" + std::to_string(number) + ",\"event\":\"log\",\"message\":\"" + text + "\"}";
}

std::string last(std::size_t number, int code) {
    return "{\"relay\":" + std::to_string(number) +
           ",\"event\":\"end\",\"exit_code\":" + std::to_string(code) + "}";
}

// "#3" for a numbered line, others as they are.
std::vector<std::string> shown(const std::vector<LogLine>& lines) {
    std::vector<std::string> texts;
    for (const auto& line : lines) {
        const auto* relayed = std::get_if<cli::RelayedLine>(&line);
        texts.push_back(relayed != nullptr ? "#" + std::to_string(relayed->number)
                                           : std::get<std::string>(line));
    }
    return texts;
}

TEST(LogLines, ComeOutAsTheyCame) {
    LogLines lines;
    EXPECT_THAT(shown(lines.add(Events{event(1, numbered(1, "a")), event(1, "plain"), event(2, "")})),
                ElementsAre("#1", "plain", ""));
    EXPECT_FALSE(lines.is_whole());
    EXPECT_THAT(shown(lines.add(Events{event(3, last(2, 3))})), ElementsAre("#2"));
    EXPECT_TRUE(lines.is_whole());
    EXPECT_EQ(lines.exit_code(), ExitCode::due);
}

TEST(LogLines, AreShownOnceWhereADriverSendsThemTwice) {
    LogLines lines;
    const auto first = event(1, numbered(1, "a"));
    const auto second = event(2, numbered(2, "b"));
    EXPECT_THAT(shown(lines.add(Events{first, first, second, first, second})), ElementsAre("#1", "#2"));
    EXPECT_THAT(shown(lines.add(Events{second, first})), IsEmpty());
    EXPECT_EQ(lines.missing(), 0U);
}

TEST(LogLines, ArePutTogetherFromPieces) {
    LogLines lines;
    const auto whole = numbered(1, std::string(40, 'x'));
    EXPECT_THAT(shown(lines.add(Events{event(1, whole.substr(0, 20))})), IsEmpty());
    EXPECT_THAT(shown(lines.add(Events{event(1, whole.substr(20, 10))})), IsEmpty());
    EXPECT_THAT(shown(lines.add(Events{event(1, whole.substr(30)), event(2, "next")})),
                ElementsAre("#1", "next"));
}

TEST(LogLines, ArePutTogetherFromPiecesThatCameTwice) {
    const auto whole = numbered(1, std::string(40, 'x') + std::string(40, 'y'));
    const auto first = event(1, whole.substr(0, 50));
    const auto second = event(1, whole.substr(50, 20));
    const auto third = event(1, whole.substr(70));
    LogLines each;
    EXPECT_THAT(shown(each.add(Events{first, first, second, second, third})), ElementsAre("#1"));
    LogLines all;
    EXPECT_THAT(shown(all.add(Events{first, second, third, first, second, third})), ElementsAre("#1"));
}

TEST(LogLines, AreNotLostWhereAPieceIs) {
    LogLines lines;
    const auto whole = numbered(1, "abc");
    EXPECT_THAT(shown(lines.add(Events{event(1, whole.substr(0, 15)), event(2, numbered(2, "b"))})),
                ElementsAre(whole.substr(0, 15), "#2"));
    EXPECT_EQ(lines.missing(), 1U);
    EXPECT_THAT(shown(lines.add(Events{event(3, whole.substr(0, 15))})), IsEmpty());
    EXPECT_THAT(shown(lines.rest()), ElementsAre(whole.substr(0, 15)));
    EXPECT_THAT(shown(lines.rest()), IsEmpty());
}

// What prints without numbers can only be told apart by the page that it came with.
TEST(LogLines, WithoutNumbersAreShownOnceWherePagesOverlap) {
    LogLines lines;
    const Events page{event(1, "a"), event(1, "a"), event(2, "b")};
    EXPECT_THAT(shown(lines.add(page)), ElementsAre("a", "a", "b"));
    EXPECT_THAT(shown(lines.add(page)), IsEmpty());
    EXPECT_THAT(shown(lines.add(Events{event(1, "a"), event(2, "b"), event(3, "c")})), ElementsAre("c"));
    EXPECT_THAT(shown(lines.add(Events{event(4, "c")})), ElementsAre("c"));
}

TEST(LogLines, ThatCameLateAreFoundByReadingAgain) {
    LogLines lines;
    const Events first{event(1, numbered(1, "a")), event(2, "plain"), event(4, last(3, 0))};
    lines.add(first);
    EXPECT_TRUE(lines.exit_code());
    EXPECT_FALSE(lines.is_whole());
    EXPECT_EQ(lines.missing(), 1U);
    const Events all{first[0], first[1], event(3, numbered(2, "late")), first[2]};
    EXPECT_THAT(shown(lines.add_again(all)), ElementsAre("#2"));
    EXPECT_TRUE(lines.is_whole());
}

}  // namespace
}  // namespace tti::ecs
