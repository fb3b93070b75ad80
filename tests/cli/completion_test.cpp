#include "cli/completion.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/wait.h>

#include "sample.hpp"
#include "settings/catalogue.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

std::string script(Shell shell) {
    return completion(shell, testing::program(), settings::catalogue());
}

// A script in a file of its own.
class ScriptFile {
  public:
    explicit ScriptFile(const std::string& text) {
        std::string name = (std::filesystem::temp_directory_path() / "completion-XXXXXX").string();
        close(mkstemp(name.data()));
        path_ = name;
        std::ofstream(path_) << text;
    }
    ScriptFile(const ScriptFile&) = delete;
    ScriptFile& operator=(const ScriptFile&) = delete;
    ~ScriptFile() { std::filesystem::remove(path_); }
    [[nodiscard]] std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

struct Outcome {
    int code = -1;
    std::string output;
};

Outcome run_shell(const std::string& command) {
    Outcome outcome;
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) outcome.output += buffer.data();
    outcome.code = WEXITSTATUS(pclose(pipe));
    return outcome;
}

bool has(const std::string& shell) {
    return run_shell("command -v " + shell).code == 0;
}

// What bash offers for the last of `words`, which are split as readline does.
Words bash_offers(const Words& words) {
    const ScriptFile file(script(Shell::bash));
    std::string list;
    for (const auto& word : words) list += " '" + word + "'";
    const auto outcome =
        run_shell("bash -c 'source " + file.path() + "; compopt() { :; }; COMP_WORDS=(" +
                  util::join(util::split(list, '\''), "'\\''") +
                  "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tti_lw_stack; printf \"%s\\n\" "
                  "\"${COMPREPLY[@]}\"'");
    EXPECT_EQ(outcome.code, 0) << outcome.output;
    return util::words(outcome.output);
}

TEST(BashCompletion, OffersCommandsOptionsAndValues) {
    ASSERT_TRUE(has("bash"));
    EXPECT_THAT(bash_offers({"tti-lw-stack", ""}),
                AllOf(Contains("is-db"), Contains("noc-db"), Not(Contains("secret-handshake"))));
    EXPECT_THAT(bash_offers({"tti-lw-stack", "is-db", "mi"}), ElementsAre("migrate"));
    EXPECT_THAT(bash_offers({"tti-lw-stack", "is-db", "migrate", "--ro"}), ElementsAre("--rollback"));
    EXPECT_THAT(bash_offers({"tti-lw-stack", "is-db", "migrate", "--is.d"}),
                ElementsAre("--is.database-uri"));
    EXPECT_THAT(bash_offers({"tti-lw-stack", "is-db", "migrate", "--output", ""}),
                ElementsAre("text", "json"));
    EXPECT_THAT(bash_offers({"tti-lw-stack", "is-db", "migrate", "--output", "="}),
                ElementsAre("text", "json"));
    EXPECT_THAT(bash_offers({"tti-lw-stack", "is-db", "migrate", "--output", "=", "j"}), ElementsAre("json"));
    EXPECT_TRUE(bash_offers({"tti-lw-stack", "is-db", "create-tenant", "--id", ""}).empty());
}

TEST(BashCompletion, OffersFilesForAnArgument) {
    const ScriptFile file("");
    EXPECT_THAT(bash_offers({"tti-lw-stack", "ns-db", "inspect", "x", file.path().substr(0, 15)}),
                Contains(file.path()));
    EXPECT_THAT(bash_offers({"tti-lw-stack", "ns-db", "inspect", "--show"}), ElementsAre("--show-keys"));
}

TEST(Completion, ScriptsAreWellFormed) {
    const std::array<std::pair<Shell, std::string>, 3> shells{
        {{Shell::bash, "bash -n "}, {Shell::zsh, "zsh -n "}, {Shell::fish, "fish --no-execute "}}};
    for (const auto& [shell, command] : shells) {
        const auto name = util::words(command).front();
        if (!has(name)) {
            std::printf("%s is not installed, its script is checked as text only\n", name.c_str());
            continue;
        }
        const ScriptFile file(script(shell));
        const auto outcome = run_shell(command + file.path());
        EXPECT_EQ(outcome.code, 0) << outcome.output;
    }
}

TEST(FishCompletion, OffersCommandsOptionsAndValues) {
    const auto text = script(Shell::fish);
    EXPECT_THAT(
        text, AllOf(HasSubstr("-n '__tti_lw_stack_at \"/is-db\"' -a migrate -d 'Do something to a database'"),
                    HasSubstr("-l output -d"), HasSubstr("-x -a 'text json'"),
                    HasSubstr("-n '__tti_lw_stack_at \"/ns-db/inspect\"' -F\n")));
    if (!has("fish")) GTEST_SKIP() << "fish is not installed, so only its text was checked";
    const ScriptFile file(text);
    const auto offers = [&file](const std::string& line) {
        return run_shell("fish --no-config -c 'source " + file.path() + "; complete -C \"" + line + "\"'")
            .output;
    };
    EXPECT_THAT(offers("tti-lw-stack "), AllOf(HasSubstr("is-db\t"), Not(HasSubstr("handshake"))));
    EXPECT_THAT(offers("tti-lw-stack is-db mi"), HasSubstr("migrate\t"));
    EXPECT_THAT(offers("tti-lw-stack is-db migrate --ro"), HasSubstr("--rollback"));
    EXPECT_THAT(offers("tti-lw-stack ns-db inspect " + file.path().substr(0, 15)), HasSubstr(file.path()));
    EXPECT_THAT(offers("tti-lw-stack is-db migrate --output "), AllOf(HasSubstr("text"), HasSubstr("json")));
}

TEST(ZshCompletion, NamesItsProgramAndItsPlaces) {
    const auto text = script(Shell::zsh);
    EXPECT_TRUE(text.starts_with("#compdef tti-lw-stack\n"));
    EXPECT_THAT(text,
                AllOf(HasSubstr("'migrate:Do something to a database'"), HasSubstr("compadd -- text json"),
                      HasSubstr("'/is-db/migrate --config') _files"), Not(HasSubstr("handshake"))));
}

TEST(ZshCompletion, OffersCommandsOptionsAndValues) {
    if (!has("zsh")) GTEST_SKIP() << "zsh is not installed, so only the text of its script was checked";
    const ScriptFile file(script(Shell::zsh));
    // Stand-ins for the functions of zsh's completion, which live only while a person types.
    const auto offers = [&file](const std::string& words) {
        return run_shell(
                   "zsh -f -c 'compdef() { :; }; _describe() { print -l -- ${(P)2}; }; compadd() { print -l "
                   "-- $@; }; "
                   "compset() { :; }; _files() { print files; }; source " +
                   file.path() + "; words=(" + words + "); CURRENT=$#words; _tti_lw_stack'")
            .output;
    };
    EXPECT_THAT(offers("tti-lw-stack \"\""),
                AllOf(HasSubstr("is-db:Look after"), Not(HasSubstr("handshake"))));
    EXPECT_THAT(offers("tti-lw-stack is-db m"), AllOf(HasSubstr("migrate:Do"), Not(HasSubstr("noc-db"))));
    EXPECT_THAT(offers("tti-lw-stack is-db migrate --r"), HasSubstr("--rollback:go back"));
    EXPECT_THAT(offers("tti-lw-stack ns-db inspect \"\""), HasSubstr("files\n"));
    EXPECT_THAT(offers("tti-lw-stack ns-db inspect --"), HasSubstr("--show-keys:"));
    EXPECT_THAT(offers("tti-lw-stack is-db migrate --output \"\""), HasSubstr("text\njson\n"));
    EXPECT_THAT(offers("tti-lw-stack is-db migrate --output=j"), HasSubstr("text\njson\n"));
}

}  // namespace
}  // namespace tti::cli
