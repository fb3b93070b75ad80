#include "doctor/report.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::doctor {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Finding finding(Severity severity, const std::string& evidence) {
    return {severity, "Something is wrong.", evidence, command("tti-lw-stack x")};
}

TEST(Examination, TellsAFindingOfOneServerOnceAndTheWorstFirst) {
    const Examination examination{{
        {"fsync",
         "Identity Server",
         "db:5432",
         {finding(Severity::note, "a"), finding(Severity::warning, "b")}},
        {"fsync",
         "Storage Integration",
         "db:5432",
         {finding(Severity::note, "a"), finding(Severity::error, "c")}},
        {"fsync", "Network Operations Center", "other:5432", {finding(Severity::note, "a")}},
    }};
    const auto told = examination.findings();
    ASSERT_THAT(told, SizeIs(4));
    EXPECT_EQ(told[0].finding.evidence, "c");
    EXPECT_EQ(told[1].finding.evidence, "b");
    EXPECT_EQ(told[2].place, "Identity Server");
    EXPECT_EQ(told[3].place, "Network Operations Center");
}

TEST(Report, IsDueWhereSomethingIsWorseThanANote) {
    const auto code = [](Findings findings) {
        return exit_code({{{"fsync", "here", "here", std::move(findings)}}});
    };
    EXPECT_EQ(code({}), ExitCode::done);
    EXPECT_EQ(code({finding(Severity::note, "a")}), ExitCode::done);
    EXPECT_EQ(code({finding(Severity::warning, "a")}), ExitCode::due);
}

TEST(Report, KeepsWhatMendsOnOneLineAndControlCharactersOut) {
    Finding one{Severity::error, "Bad.", "seen \x1b[31m", command(std::string(200, 'x'))};
    const Examination examination{{{"fsync", "here", "here", {one}}}};
    const auto text = to_text(examination);
    EXPECT_THAT(text, HasSubstr("mend: " + std::string(200, 'x') + "\n"));
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    const auto data = to_json(examination);
    EXPECT_EQ(data["errors"], 1);
    EXPECT_EQ(data["findings"][0]["mend"]["way"], "command");
}

TEST(Checks, AreNamedOnceAndDescribed) {
    std::set<std::string_view> names;
    for (const auto& check : checks()) {
        EXPECT_TRUE(names.insert(check.name).second) << check.name;
        EXPECT_FALSE(check.looks_at.ends_with('.')) << check.name;
        EXPECT_TRUE(check.why.ends_with('.')) << check.name;
        EXPECT_FALSE(needs(check).empty());
    }
}

}  // namespace
}  // namespace tti::doctor
