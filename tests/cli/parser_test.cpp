#include "cli/parser.hpp"

#include <gmock/gmock.h>

#include "cli/command_line.hpp"
#include "sample.hpp"
#include "settings/catalogue.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

const Command& program() {
    static const Command tree = testing::program();
    return tree;
}

ParsedLine parsed(const Words& words) {
    return parse(program(), settings::catalogue(), words);
}

Words flags(const ParsedLine& line) {
    Words texts;
    for (const auto& flag : line.flags) texts.push_back(flag.name + "=" + flag.text);
    return texts;
}

// "message | hint" of the error that these words give.
std::string error_of(const Words& words) {
    try {
        parsed(words);
    } catch (const UsageError& error) {
        return std::string(error.what()) + " | " + error.hint();
    }
    return "no error";
}

struct Case {
    std::string name;
    Words words;
    std::string path;
    Words flags;
};

void PrintTo(const Case& shown, std::ostream* stream) {
    *stream << util::join(shown.words, " ");
}

class Lines : public ::testing::TestWithParam<Case> {};

TEST_P(Lines, AreReadAsPrinted) {
    const auto line = parsed(GetParam().words);
    EXPECT_EQ(util::join(line.path, " "), "tti-lw-stack " + GetParam().path);
    EXPECT_EQ(line.command->name, line.path.back());
    EXPECT_EQ(flags(line), GetParam().flags);
}

const std::vector<Case> styles{
    {"equals", {"is-db", "create-tenant", "--id=a"}, "is-db create-tenant", {"id=a"}},
    {"next_argument", {"is-db", "create-tenant", "--id", "a"}, "is-db create-tenant", {"id=a"}},
    {"bare_boolean", {"is-db", "migrate", "--rollback"}, "is-db migrate", {"rollback=true"}},
    {"boolean_with_value", {"is-db", "migrate", "--rollback=false"}, "is-db migrate", {"rollback=false"}},
    {"bad_boolean_is_kept_for_the_settings",
     {"is-db", "migrate", "--rollback=perhaps"},
     "is-db migrate",
     {"rollback=perhaps"}},
    {"boolean_before_an_option",
     {"is-db", "migrate", "--rollback", "--wait", "1m"},
     "is-db migrate",
     {"rollback=true", "wait=1m"}},
    {"dashed_value", {"is-db", "create-tenant", "--id", "--yes"}, "is-db create-tenant", {"id=--yes"}},
    {"two_dashes_as_value", {"is-db", "create-tenant", "--id", "--"}, "is-db create-tenant", {"id=--"}},
    {"help_as_value", {"is-db", "create-tenant", "--id", "--help"}, "is-db create-tenant", {"id=--help"}},
    {"command_as_value",
     {"is-db", "create-tenant", "--id", "migrate"},
     "is-db create-tenant",
     {"id=migrate"}},
    {"empty_after_equals",
     {"is-db", "create-tenant", "--id=", "--yes"},
     "is-db create-tenant",
     {"id=", "yes=true"}},
    {"empty_argument", {"is-db", "create-tenant", "--id", ""}, "is-db create-tenant", {"id="}},
    {"value_that_looks_open", {"is-db", "create-tenant", "--id", "--x="}, "is-db create-tenant", {"id=--x="}},
    {"equals_in_value", {"is-db", "create-tenant", "--id=a=b="}, "is-db create-tenant", {"id=a=b="}},
    {"brackets_and_commas",
     {"is-db", "create-tenant", "--id=[a,b]", "--name", "[c d]"},
     "is-db create-tenant",
     {"id=[a,b]", "name=[c d]"}},
    {"braces", {"is-db", "create-tenant", "--id={}"}, "is-db create-tenant", {"id={}"}},
    {"repeated_in_order",
     {"is-db", "create-oauth-client", "--redirect-uri=b", "--id=x", "--redirect-uri", "a",
      "--redirect-uri=b"},
     "is-db create-oauth-client",
     {"redirect-uri=b", "id=x", "redirect-uri=a", "redirect-uri=b"}},
    {"settings_before", {"--is.database-uri=u", "is-db", "migrate"}, "is-db migrate", {"is.database-uri=u"}},
    {"settings_between",
     {"is-db", "--is.database-uri", "u", "migrate"},
     "is-db migrate",
     {"is.database-uri=u"}},
    {"settings_after",
     {"is-db", "migrate", "--is.database-uri", "u"},
     "is-db migrate",
     {"is.database-uri=u"}},
    {"short_name",
     {"-c", "a.yml", "is-db", "migrate", "-cb.yml"},
     "is-db migrate",
     {"config=a.yml", "config=b.yml"}},
    {"argument", {"ns-db", "inspect", "app.dev"}, "ns-db inspect", {"device=app.dev"}},
    {"arguments_among_options",
     {"ns-db", "inspect", "--show-keys", "a", "--output", "json", "b"},
     "ns-db inspect",
     {"show-keys=true", "output=json", "device=a", "undo-file=b"}},
    {"argument_like_a_command",
     {"ns-db", "inspect", "migrate", "ns-db"},
     "ns-db inspect",
     {"device=migrate", "undo-file=ns-db"}},
    {"argument_like_an_option",
     {"ns-db", "inspect", "--", "--show-keys", "-x="},
     "ns-db inspect",
     {"device=--show-keys", "undo-file=-x="}},
    {"standard_input_as_argument", {"ns-db", "inspect", "-"}, "ns-db inspect", {"device=-"}},
    {"empty_argument_of_its_own", {"ns-db", "inspect", ""}, "ns-db inspect", {"device="}},
    {"brackets_as_argument", {"ns-db", "inspect", "[a,b]"}, "ns-db inspect", {"device=[a,b]"}},
    {"words_behind_two_dashes",
     {"run", "--there", "x", "--", "is-db", "create-tenant", "--name=a, \"b\"", "[c,d]", "", "--"},
     "run",
     {"there=x", "command=is-db", "command=create-tenant", "command=\"--name=a, \"\"b\"\"\"",
      "command=\"[c,d]\"", "command=\"\"", "command=--"}},
    {"words_like_the_programs_own",
     {"run", "--", "migrate", "--there=y", "--help", "-c"},
     "run",
     {"command=migrate", "command=--there=y", "command=--help", "command=-c"}},
    {"hidden_command", {"secret-handshake"}, "secret-handshake", {}},
};

// The page in its printed order.
const std::vector<Case> page{
    {"page_01",
     {"storage-db", "init", "--timescaledb.chunk-time-interval", "12h",
      "--timescaledb.enable-retention-policy", "--timescaledb.retention-days", "31"},
     "storage-db init",
     {"timescaledb.chunk-time-interval=12h", "timescaledb.enable-retention-policy=true",
      "timescaledb.retention-days=31"}},
    {"page_02", {"noc-db", "init"}, "noc-db init", {}},
    {"page_03",
     {"is-db", "create-tenant", "--id=acme", "--name=Acme"},
     "is-db create-tenant",
     {"id=acme", "name=Acme"}},
    {"page_04",
     {"is-db", "create-oauth-client", "--tenant-id=NULL", "--id=cli", "--name=Command Line Interface",
      "--no-secret", "--redirect-uri=local-callback", "--redirect-uri=code"},
     "is-db create-oauth-client",
     {"tenant-id=NULL", "id=cli", "name=Command Line Interface", "no-secret=true",
      "redirect-uri=local-callback", "redirect-uri=code"}},
    {"page_05",
     {"is-db", "create-oauth-client", "--tenant-id=NULL", "--id=console", "--name=Console", "--secret=s3cret",
      "--redirect-uri=/console/oauth/callback", "--redirect-uri=https://x/console/oauth/callback",
      "--logout-redirect-uri=/console", "--logout-redirect-uri=https://x/console"},
     "is-db create-oauth-client",
     {"tenant-id=NULL", "id=console", "name=Console", "secret=s3cret", "redirect-uri=/console/oauth/callback",
      "redirect-uri=https://x/console/oauth/callback", "logout-redirect-uri=/console",
      "logout-redirect-uri=https://x/console"}},
    {"page_06",
     {"is-db", "create-admin-user", "--tenant-id", "acme", "--email", "a@example.com", "--password", "-p4ss"},
     "is-db create-admin-user",
     {"tenant-id=acme", "email=a@example.com", "password=-p4ss"}},
    {"page_07", {"is-db", "migrate"}, "is-db migrate", {}},
    {"page_08", {"ns-db", "migrate"}, "ns-db migrate", {}},
    {"page_09", {"ns-db", "prune"}, "ns-db prune", {}},
    {"page_10", {"as-db", "migrate"}, "as-db migrate", {}},
    {"page_11", {"noc-db", "migrate"}, "noc-db migrate", {}},
    {"page_12", {"dcs-db", "migrate"}, "dcs-db migrate", {}},
};

const auto case_name = [](const auto& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Styles, Lines, ::testing::ValuesIn(styles), case_name);
INSTANTIATE_TEST_SUITE_P(Page, Lines, ::testing::ValuesIn(page), case_name);

TEST(Parser, NamesTheDeepestCommandOfAGroup) {
    EXPECT_EQ(parsed({}).path, Words{"tti-lw-stack"});
    EXPECT_THAT(parsed({"is-db"}).path, ElementsAre("tti-lw-stack", "is-db"));
    EXPECT_FALSE(parsed({"is-db"}).help);
}

TEST(Parser, HelpStandsAnywhere) {
    EXPECT_TRUE(parsed({"--help"}).help);
    EXPECT_TRUE(parsed({"--help", "is-db", "create-tenant"}).help);
    EXPECT_TRUE(parsed({"is-db", "create-tenant", "-h"}).help);
    EXPECT_TRUE(parsed({"is-db", "create-tenant", "--nonsense", "--help"}).help);
    const auto line = parsed({"help", "is-db", "create-tenant"});
    EXPECT_TRUE(line.help);
    EXPECT_EQ(line.path.back(), "create-tenant");
    EXPECT_TRUE(line.flags.empty());
}

TEST(Parser, SuggestsTheNearestCommand) {
    EXPECT_EQ(error_of({"is-db", "migrat"}),
              "\"tti-lw-stack is-db\" has no command \"migrat\" | Did you mean: tti-lw-stack is-db migrate?");
    EXPECT_THAT(error_of({"isdb", "migrate"}), HasSubstr("tti-lw-stack is-db?"));
    EXPECT_THAT(error_of({"is-db", "frobnicate"}), HasSubstr("Its commands are: migrate, create-tenant"));
    EXPECT_THAT(error_of({"is-db", "migrat", "--help"}), HasSubstr("no command \"migrat\""));
}

TEST(Parser, NeverSuggestsAHiddenCommand) {
    EXPECT_THAT(error_of({"secret-handshak"}), Not(HasSubstr("handshake")));
}

TEST(Parser, SuggestsTheNearestOption) {
    EXPECT_EQ(error_of({"is-db", "migrate", "--rolback"}),
              "\"tti-lw-stack is-db migrate\" has no option --rolback | Did you mean --rollback?");
    EXPECT_THAT(error_of({"is-db", "migrate", "--is.databse-uri=x"}), HasSubstr("--is.database-uri?"));
    EXPECT_THAT(error_of({"is-db", "migrate", "--zzzzzzzzzz"}),
                HasSubstr("tti-lw-stack is-db migrate --help"));
}

TEST(Parser, DoesNotShowTheValueOfAnUnknownOption) {
    EXPECT_THAT(error_of({"is-db", "create-admin-user", "--pasword=hush"}), Not(HasSubstr("hush")));
}

TEST(Parser, SaysWhereAnOptionBelongs) {
    EXPECT_THAT(error_of({"is-db", "--rollback", "migrate"}),
                HasSubstr("after \"tti-lw-stack is-db migrate\""));
}

TEST(Parser, RefusesArgumentsTooMany) {
    EXPECT_THAT(error_of({"is-db", "migrate", "create-tenant"}),
                HasSubstr("takes no argument \"create-tenant\""));
    EXPECT_THAT(error_of({"is-db", "migrate", "--", "x"}), HasSubstr("takes no argument"));
    EXPECT_THAT(error_of({"is-db", "migrate", "--rollback", "false"}), HasSubstr("--NAME=false"));
}

TEST(Parser, RefusesArgumentsBeyondThoseOfTheCommand) {
    EXPECT_THAT(error_of({"ns-db", "inspect", "a", "b", "c"}), HasSubstr("takes no further argument \"c\""));
    EXPECT_THAT(error_of({"ns-db", "inspect", "a", "b", "--", "c"}), HasSubstr("further argument \"c\""));
    EXPECT_THAT(error_of({"a", "ns-db", "inspect", "b"}), HasSubstr("no further argument \"a\""))
        << "an argument stands after its command";
    EXPECT_THAT(error_of({"ns-db", "inspect", "a", "--device=b"}), HasSubstr("no option --device"));
}

TEST(Parser, NamesAllThatIsMissing) {
    EXPECT_THAT(error_of({"ns-db", "inspect"}), HasSubstr("ns-db inspect\" needs DEVICE|EUI |"));
    EXPECT_TRUE(parsed({"ns-db", "inspect", "--help"}).help);
    EXPECT_THAT(error_of({"is-db", "create-admin-user"}), HasSubstr("needs --email, --password"));
    EXPECT_THAT(error_of({"is-db", "create-admin-user", "--email=x"}), HasSubstr("needs --password |"));
}

TEST(Parser, RefusesAnOptionWithoutItsValue) {
    EXPECT_THAT(error_of({"is-db", "create-tenant", "--id"}), HasSubstr("option --id needs a value"));
}

// A program that can run its commands elsewhere, of which one has an option of the same name and one has all.
Command program_with_options() {
    auto tree = testing::program();
    tree.options = {
        {.name = "there"}, {.name = "detach", .type = settings::Type::boolean}, {.name = "limit"}};
    tree.children.push_back(testing::leaf("limited", {{.name = "limit"}}));
    return tree;
}

struct OwnCase {
    std::string name;
    Words words;
    Words program_flags;
    Words flags;
    Words left;
};

void PrintTo(const OwnCase& shown, std::ostream* stream) {
    *stream << util::join(shown.words, " ");
}

class ProgramOptions : public ::testing::TestWithParam<OwnCase> {};

TEST_P(ProgramOptions, AreKeptApartFromTheCommands) {
    const auto tree = program_with_options();
    auto line = parse(tree, settings::catalogue(), GetParam().words);
    EXPECT_EQ(flags(line), GetParam().flags);
    EXPECT_EQ(line.words, GetParam().left);
    line.flags = line.program_flags;
    EXPECT_EQ(flags(line), GetParam().program_flags);
}

const std::vector<OwnCase> own_cases{
    {"none", {"is-db", "migrate", "--yes"}, {}, {"yes=true"}, {"is-db", "migrate", "--yes"}},
    {"before",
     {"--there", "x", "--detach", "is-db", "migrate", "--yes"},
     {"there=x", "detach=true"},
     {"yes=true"},
     {"is-db", "migrate", "--yes"}},
    {"in_between_and_behind",
     {"is-db", "--there=x", "migrate", "--yes", "--limit", "1h", "--rollback"},
     {"there=x", "limit=1h"},
     {"yes=true", "rollback=true"},
     {"is-db", "migrate", "--yes", "--rollback"}},
    {"values_like_it",
     {"--there", "--there", "is-db", "create-tenant", "--id", "--there=y", "--there=z"},
     {"there=--there", "there=z"},
     {"id=--there=y"},
     {"is-db", "create-tenant", "--id", "--there=y"}},
    {"twice_in_a_row",
     {"--there=a", "--there=b", "--detach", "--detach", "is-db", "migrate"},
     {"there=a", "there=b", "detach=true", "detach=true"},
     {},
     {"is-db", "migrate"}},
    {"empty", {"--there=", "is-db", "migrate"}, {"there="}, {}, {"is-db", "migrate"}},
    {"words_stay_as_they_are",
     {"--there", "x", "is-db", "create-tenant", "--id=", "--name", "[a,b]"},
     {"there=x"},
     {"id=", "name=[a,b]"},
     {"is-db", "create-tenant", "--id=", "--name", "[a,b]"}},
    {"arguments_behind_two_dashes",
     {"--there=x", "ns-db", "inspect", "--", "--there=y"},
     {"there=x"},
     {"device=--there=y"},
     {"ns-db", "inspect", "--", "--there=y"}},
    {"same_name_before_is_the_programs",
     {"--there=x", "--limit", "1h", "limited", "--limit", "3s"},
     {"there=x", "limit=1h"},
     {"limit=3s"},
     {"limited", "--limit", "3s"}},
    {"all_of_them_are_the_commands", {"--limit=1h", "limited"}, {}, {"limit=1h"}, {"limited"}},
    {"those_that_run_has", {"--there=x", "run", "--", "y"}, {}, {"there=x", "command=y"}, {"run", "--", "y"}},
};
INSTANTIATE_TEST_SUITE_P(Own, ProgramOptions, ::testing::ValuesIn(own_cases),
                         [](const auto& test) { return test.param.name; });

TEST(CommandLine, HoldsNoSecret) {
    const auto shown = shown_command_line(
        parsed({"--is.database-uri=postgresql://root:hush@h/d", "is-db", "create-admin-user", "--email",
                "it's me", "--password", "hush", "--yes", "--wait=5s", "--dry-run=false"}),
        settings::catalogue());
    EXPECT_EQ(shown,
              "tti-lw-stack is-db create-admin-user --is.database-uri=******** --email='it'\\''s me' "
              "--password=******** --yes --wait=5s --dry-run=false");
    EXPECT_EQ(shown_command_line(parsed({"ns-db", "inspect", "a b", "--show-keys"}), settings::catalogue()),
              "tti-lw-stack ns-db inspect --show-keys 'a b'");
}

}  // namespace
}  // namespace tti::cli
