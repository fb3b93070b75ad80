#include <gmock/gmock.h>

#include "cli/help.hpp"
#include "cli/man_page.hpp"
#include "cli/reference.hpp"
#include "sample.hpp"
#include "settings/catalogue.hpp"
#include "util/exit_code.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Command& sample_child(const Command& root, const std::vector<std::string>& names) {
    const Command* command = &root;
    for (const auto& name : names) command = find_child(*command, name);
    return *command;
}

Command client_command() {
    auto command = sample_child(testing::program(), {"is-db", "create-oauth-client"});
    command.description = "First paragraph.\n\n.Second paragraph, with a \\ in it.";
    command.examples = {{"is-db create-oauth-client --id=cli", "the client of the command line"}};
    command.options.push_back({.name = "invisible", .hidden = true});
    return command;
}

std::string own_reference() {
    std::string text;
    for (const auto& page : own_reference_pages()) text += page.text(testing::program());
    return text;
}

const Path client_path{"tti-lw-stack", "is-db", "create-oauth-client"};

TEST(Help, ShowsEverythingOnce) {
    const auto text = help(client_path, client_command(), settings::catalogue());
    EXPECT_THAT(text, AllOf(HasSubstr("Do something to a database.\n"),
                            HasSubstr("Usage:\n  tti-lw-stack is-db create-oauth-client [OPTIONS]\n"),
                            HasSubstr("First paragraph.\n\n.Second"), HasSubstr("--id TEXT"),
                            HasSubstr("ID of the client (required)"), HasSubstr("--redirect-uri TEXT"),
                            HasSubstr("where it returns to (may be repeated)"), HasSubstr("--tenant-id ID")));
    EXPECT_THAT(
        text,
        AllOf(
            HasSubstr("--dry-run"), HasSubstr("--wait DURATION"),
            HasSubstr("another run to end (default: 0s)"), HasSubstr("--is.database-uri URI"),
            HasSubstr("TTN_LW_IS_DATABASE_URI"), HasSubstr("-c, --config PATH"), HasSubstr("(text or json;"),
            HasSubstr(
                "  # the client of the command line\n  tti-lw-stack is-db create-oauth-client --id=cli\n")));
    EXPECT_THAT(text, AllOf(Not(HasSubstr("invisible")), Not(HasSubstr("tenancy.default-id"))));
}

TEST(Help, OfAReadingCommandHasNoWritingOptions) {
    const auto command = testing::leaf("status", {}, Effect::reads);
    EXPECT_THAT(help({"tti-lw-stack", "status"}, command, settings::catalogue()),
                Not(HasSubstr("--dry-run")));
}

TEST(Help, OfACommandWithoutSettingsNamesNoFilesAndVariables) {
    auto command = testing::leaf("version", {}, Effect::reads);
    command.settings.clear();
    const auto text = help({"tti-lw-stack", "version"}, command, settings::catalogue());
    EXPECT_THAT(text, AllOf(HasSubstr("--output"), Not(HasSubstr("--config")), Not(HasSubstr("TTN_LW"))));
}

TEST(Help, OfAGroupListsItsCommands) {
    const auto text = help({"tti-lw-stack"}, testing::program(), settings::catalogue());
    EXPECT_THAT(text, AllOf(HasSubstr("tti-lw-stack COMMAND [OPTIONS]"),
                            HasSubstr("  is-db       Look after the Identity"), Not(HasSubstr("handshake"))));
}

TEST(Help, KeepsToTheWidth) {
    for (const std::size_t width : {60U, 80U, 100U}) {
        for (const auto& line :
             util::split(help(client_path, client_command(), settings::catalogue(), width), '\n')) {
            // A default value is one word, however long.
            if (line.find("postgresql://") == std::string::npos && line.find("TTN_LW") == std::string::npos) {
                EXPECT_LE(line.size(), width) << line;
            }
        }
    }
}

TEST(ManPage, HasTheSectionsAndEscapesRequests) {
    const auto page = man_page(client_path, client_command(), settings::catalogue());
    EXPECT_TRUE(page.starts_with(".TH \"TTI\\-LW\\-STACK\\-IS\\-DB\\-CREATE\\-OAUTH\\-CLIENT\" \"1\""));
    EXPECT_THAT(
        page,
        AllOf(HasSubstr(".SH NAME\ntti\\-lw\\-stack\\-is\\-db\\-create\\-oauth\\-client \\- Do something"),
              HasSubstr(".SH SYNOPSIS\n"), HasSubstr("\n\\&.Second paragraph, with a \\e in it.\n"),
              HasSubstr(".SH OPTIONS\n"), HasSubstr("\\-\\-redirect\\-uri TEXT"),
              HasSubstr("TTN_LW_IS_DATABASE_URI"), HasSubstr(".SH EXIT STATUS\n"),
              HasSubstr("tti\\-lw\\-stack\\-is\\-db\\fP(1)"), Not(HasSubstr("invisible"))));
    EXPECT_EQ(man_page_name(client_path), "tti-lw-stack-is-db-create-oauth-client.1");
}

TEST(Documents, ShowArguments) {
    const Path path{"tti-lw-stack", "ns-db", "inspect"};
    const auto command = testing::inspect();
    EXPECT_THAT(
        help(path, command, settings::catalogue()),
        AllOf(HasSubstr("ns-db inspect [OPTIONS] DEVICE|EUI [FILE]\n"),
              HasSubstr("Arguments:\n  DEVICE|EUI  what to look for (required)\n  FILE        where")));
    EXPECT_THAT(man_page(path, command, settings::catalogue()),
                AllOf(HasSubstr("inspect [OPTIONS] DEVICE|EUI [FILE]"),
                      HasSubstr(".SH ARGUMENTS\n.TP\n\\fBDEVICE|EUI\\fP\nwhat to look for")));
    EXPECT_THAT(own_reference(),
                HasSubstr("Arguments:\n\n| Argument | Meaning |\n|---|---|\n| `DEVICE\\|EUI` | what"));
}

TEST(Reference, HasEveryVisibleCommandSettingAndExitCode) {
    const auto text = own_reference();
    walk(testing::program(), true, [&text](const Path& path, const Command& command) {
        const auto heading = "## " + util::join(path, " ") + "\n";
        EXPECT_EQ(text.find(heading) != std::string::npos, !command.hidden) << heading;
    });
    for (const auto& option : settings::catalogue())
        EXPECT_THAT(text, HasSubstr(settings::environment_name(option.name)));
    for (const auto& entry : exit_codes()) EXPECT_THAT(text, HasSubstr(std::string(entry.meaning)));
    EXPECT_THAT(text, HasSubstr("| `--redirect-uri TEXT` | where it returns to (may be repeated) |"));
}

TEST(Walk, GoesFromParentsToChildren) {
    std::vector<std::string> seen;
    walk(testing::storage_db(), false,
         [&seen](const Path& path, const Command&) { seen.push_back(util::join(path, " ")); });
    EXPECT_THAT(seen, ::testing::ElementsAre("storage-db", "storage-db init"));
}

}  // namespace
}  // namespace tti::cli
