#include "cli/run.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/own_commands.hpp"
#include "cli/relay_reader.hpp"
#include "cli/relay_reporter.hpp"
#include "operation/recorder.hpp"
#include "sample.hpp"
#include "settings/catalogue.hpp"
#include "support/nobody_there.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Words = std::vector<std::string>;

class Runs : public ::testing::Test {
  protected:
    Runs() {
        program_ = testing::program();
        for (auto& command : own_commands()) program_.children.push_back(std::move(command));
        surroundings_.working_directory = "/";
    }

    ExitCode run(const Words& words) {
        screen_.results.str("");
        screen_.messages.str("");
        return cli::run(
            program_, words,
            {screen_.terminal(), input_, surroundings_, prompt_, stop_, adjust_, {"redis.address"}});
    }
    // A command that does `body`, and the way to call it.
    Words with_command(std::function<ExitCode(Context&)> body,
                       std::vector<std::string> settings = {"is.database-uri"}) {
        program_.children.push_back({.name = "probe",
                                     .summary = "Try something",
                                     .options = {{.name = "secret", .type = settings::Type::secret_text}},
                                     .settings = std::move(settings),
                                     .effect = Effect::writes,
                                     .run = std::move(body)});
        return {"probe"};
    }
    [[nodiscard]] std::string out() const { return screen_.results.str(); }
    [[nodiscard]] std::string err() const { return screen_.messages.str(); }

    Command program_;
    testing::Screen screen_;
    std::istringstream input_;
    settings::Surroundings surroundings_;
    test::NobodyThere prompt_;
    util::NeverStop stop_;
    std::function<Adjust(const settings::Values&)> adjust_;
};

TEST_F(Runs, ShowHelpOnStandardOutput) {
    EXPECT_EQ(run({"is-db", "migrate", "--help"}), ExitCode::done);
    EXPECT_THAT(out(), HasSubstr("Usage:"));
    EXPECT_THAT(err(), IsEmpty());
}

TEST_F(Runs, ShowTheHelpOfAGroupOnStandardError) {
    EXPECT_EQ(run({"is-db"}), ExitCode::usage);
    EXPECT_THAT(err(), HasSubstr("migrate"));
    EXPECT_THAT(out(), IsEmpty());
    EXPECT_EQ(run({}), ExitCode::usage);
    EXPECT_THAT(err(), HasSubstr("is-db"));
}

TEST_F(Runs, TellErrorsInTheFormThatWasAskedFor) {
    EXPECT_EQ(run({"is-db", "migrat"}), ExitCode::usage);
    EXPECT_THAT(err(),
                AllOf(HasSubstr("error: "), HasSubstr("hint: Did you mean: tti-lw-stack is-db migrate?")));
    EXPECT_EQ(run({"is-db", "migrat", "--output", "json"}), ExitCode::usage);
    EXPECT_EQ(nlohmann::json::parse(err())["code"], "usage");
    surroundings_.environment["TTN_LW_OUTPUT"] = "json";
    EXPECT_EQ(run(with_command([](Context&) -> ExitCode { throw LockedError("held"); })), ExitCode::locked);
    EXPECT_EQ(nlohmann::json::parse(err())["code"], "locked");
}

TEST_F(Runs, MapWhatIsThrownToExitCodes) {
    EXPECT_EQ(run(with_command([](Context&) -> ExitCode { throw PartlyFailedError("some", "Mend it."); })),
              ExitCode::partly_failed);
    EXPECT_EQ(err(), "error: some\nhint: Mend it.\n");
    program_.children.pop_back();
    EXPECT_EQ(run(with_command([](Context&) -> ExitCode { throw std::logic_error("odd"); })),
              ExitCode::unexpected);
    EXPECT_THAT(err(), AllOf(HasSubstr("error: odd"), HasSubstr("report it")));
}

TEST_F(Runs, GiveTheCommandItsValuesAndItsLine) {
    auto words = with_command([](Context& context) {
        EXPECT_EQ(context.values.secret("is.database-uri").reveal(), "postgresql://from-variable");
        EXPECT_TRUE(context.values.boolean("dry-run"));
        EXPECT_EQ(context.values.text("output"), "text");
        EXPECT_EQ(context.command_line, "tti-lw-stack probe --secret=******** --dry-run");
        EXPECT_EQ(context.program.name, "tti-lw-stack");
        return ExitCode::due;
    });
    surroundings_.environment["TTN_LW_IS_DATABASE_URI"] = "postgresql://from-variable";
    words.insert(words.end(), {"--secret=hush", "--dry-run"});
    EXPECT_EQ(run(words), ExitCode::due);
    EXPECT_THAT(err(), IsEmpty());
}

TEST_F(Runs, ReadNothingThatTheCommandDoesNotNeed) {
    surroundings_.environment["TTN_LW_CONFIG"] = "/nowhere.yml";
    surroundings_.environment["TTN_LW_LOG_LEVEL"] = "nonsense";
    EXPECT_EQ(run({"version"}), ExitCode::done);
    EXPECT_EQ(run({"version", "--config=/nowhere.yml"}), ExitCode::done);
    EXPECT_EQ(run({"is-db", "migrate"}), ExitCode::usage);
    surroundings_.environment = {{"TTN_LW_IS_DELETE_RESTORE", "nonsense"}};
    EXPECT_EQ(run({"is-db", "migrate"}), ExitCode::done);
}

TEST_F(Runs, AcceptSettingsThatTheCommandDoesNotUse) {
    EXPECT_EQ(run({"is-db", "migrate", "--is.delete.restore=1h"}), ExitCode::done);
    EXPECT_EQ(run({"is-db", "migrate", "--is.delete.restore=1 day"}), ExitCode::usage);
}

TEST_F(Runs, WarnAboutMisspeltVariables) {
    surroundings_.environment["TTN_LW_IS_DATABSE_URI"] = "x";
    EXPECT_EQ(run({"is-db", "migrate"}), ExitCode::done);
    EXPECT_THAT(err(), AllOf(HasSubstr("WARN\t"), HasSubstr("TTN_LW_IS_DATABASE_URI")));
}

TEST_F(Runs, AdjustOnlyWhatUsesSettings) {
    int calls = 0;
    adjust_ = [&calls](const settings::Values&) {
        return [&calls](settings::Values&, operation::Reporter& reporter) {
            ++calls;
            reporter.log(operation::Level::info, "adjusted");
        };
    };
    run({"version"});
    EXPECT_EQ(calls, 0);
    run({"is-db", "migrate"});
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(err(), "INFO\tadjusted\n");
}

// What decides is resolved for all commands of the run, also where none of them uses it.
TEST_F(Runs, AdjustACommandAsTheOneThatRunsIt) {
    surroundings_.environment["TTN_LW_REDIS_ADDRESS"] = "from-a-variable:1";
    std::vector<std::string> decisive;
    adjust_ = [&decisive](const settings::Values& values) {
        decisive.push_back(values.text("redis.address"));
        return [number = decisive.size()](settings::Values& of_command, operation::Reporter&) {
            of_command.set("is.database-uri", Secret("decision-" + std::to_string(number)), {});
        };
    };
    program_.children.push_back({.name = "told",
                                 .summary = "Tell an address",
                                 .settings = {"is.database-uri"},
                                 .run = [](Context& context) {
                                     context.reporter.result(
                                         context.values.secret("is.database-uri").reveal(), {});
                                     return ExitCode::done;
                                 }});
    operation::Recorder told;
    auto words = with_command([&told](Context& context) {
        const auto code = context.run_command(Words{"told"}, told, context.stop);
        EXPECT_EQ(told.text(), context.values.secret("is.database-uri").reveal());
        return code;
    });
    EXPECT_EQ(run(words), ExitCode::done);
    EXPECT_EQ(told.text(), "decision-1");
    EXPECT_THAT(decisive, ::testing::ElementsAre("from-a-variable:1"));
    words.emplace_back("--redis.address=from-a-flag:1");
    EXPECT_EQ(run(words), ExitCode::done);
    EXPECT_EQ(decisive.back(), "from-a-flag:1");
}

// Whatever form the command line asks for: that is for the run which shows it.
TEST_F(Runs, TellAnotherRunAllInOneStream) {
    surroundings_.environment[relay_variable] = "1";
    EXPECT_EQ(run({"version", "--output=json"}), ExitCode::done);
    EXPECT_THAT(out(), IsEmpty());
    auto lines = util::split(err(), '\n');
    ASSERT_EQ(lines.size(), 3U) << err();
    EXPECT_EQ(parse_relayed(lines[0])->event["event"], "result");
    EXPECT_EQ(parse_relayed(lines[1])->exit_code(), ExitCode::done);
    EXPECT_EQ(run({"is-db", "migrat"}), ExitCode::usage);
    lines = util::split(err(), '\n');
    ASSERT_EQ(lines.size(), 3U) << err();
    EXPECT_EQ(parse_relayed(lines[0])->event["event"], "error");
    EXPECT_EQ(parse_relayed(lines[1])->exit_code(), ExitCode::usage);
}

TEST_F(Runs, FailWhereTheResultCannotBeWritten) {
    screen_.results.setstate(std::ios::badbit);
    EXPECT_EQ(run({"version"}), ExitCode::unexpected);
    EXPECT_THAT(err(), HasSubstr("standard output"));
}

TEST_F(Runs, TellTheVersion) {
    EXPECT_EQ(run({"version"}), ExitCode::done);
    EXPECT_TRUE(out().starts_with("The Things Stack for LoRaWAN: tti-lw-stack\nVersion:             0.1.0\n"))
        << out();
    EXPECT_THAT(out(),
                AllOf(HasSubstr("\nCompiler:            GCC "), HasSubstr("\nOS/Arch:             linux/")));
    EXPECT_EQ(run({"version", "--output=json"}), ExitCode::done);
    EXPECT_EQ(nlohmann::json::parse(out())["version"], "0.1.0");
}

TEST_F(Runs, ShowTheConfigurationInFourForms) {
    surroundings_.environment["TTN_LW_IS_DATABASE_URI"] = "postgresql://root:hush$@localhost/ttn";
    EXPECT_EQ(run({"config"}), ExitCode::done);
    EXPECT_THAT(out(), AllOf(HasSubstr("  --is.database-uri=\"********\"\n"),
                             HasSubstr("  --is.delete.restore=\"24h0m0s\"\n"), Not(HasSubstr("hush")),
                             Not(HasSubstr("--show-secrets"))));
    EXPECT_EQ(run({"config", "--env", "--show-secrets"}), ExitCode::done);
    EXPECT_THAT(out(),
                AllOf(HasSubstr("TTN_LW_IS_DATABASE_URI=\"postgresql://root:hush\\$@localhost/ttn\"\n"),
                      HasSubstr("TTN_LW_LOG_LEVEL=\"info\"\n")));
    EXPECT_EQ(run({"config", "--yml"}), ExitCode::done);
    EXPECT_THAT(out(), AllOf(HasSubstr("is:\n  database-max-open-conns: 20\n  database-uri: \"********\"\n  "
                                       "delete:\n    restore: \"24h0m0s\"\n"),
                             HasSubstr("    password-requirements:\n      max-length: 1000\n"),
                             HasSubstr("      reject-common: false\n"), Not(HasSubstr("config:")),
                             Not(HasSubstr("hush"))));
    EXPECT_EQ(run({"config", "--output=json"}), ExitCode::done);
    const auto data = nlohmann::json::parse(out());
    EXPECT_EQ(data.size(), settings::catalogue().size());
    EXPECT_EQ(data["is.database-uri"]["value"], "********");
    EXPECT_EQ(data["is.database-uri"]["source"], "variable TTN_LW_IS_DATABASE_URI");
    EXPECT_EQ(run({"config", "--env", "--yml"}), ExitCode::usage);
}

TEST_F(Runs, PrintTheConfigurationSoThatItCanBeReadBack) {
    const auto file =
        std::filesystem::temp_directory_path() / ("config-" + std::to_string(getpid()) + ".yml");
    surroundings_.environment["TTN_LW_TENANCY_DEFAULT_ID"] = "acme";
    run({"config", "--yml", "--show-secrets"});
    const auto first = out();
    std::ofstream(file) << first;
    surroundings_.environment.clear();
    EXPECT_EQ(run({"config", "--yml", "--show-secrets", "--config", file.string()}), ExitCode::done);
    EXPECT_EQ(out(), first);
    EXPECT_THAT(out(), HasSubstr("default-id: \"acme\""));
    std::filesystem::remove(file);
}

TEST_F(Runs, WriteTheManualAndTheCompletion) {
    const auto folder = std::filesystem::temp_directory_path() / ("man-" + std::to_string(getpid()));
    EXPECT_EQ(run({"gen-man-pages", "-o", folder.string()}), ExitCode::done);
    EXPECT_TRUE(std::filesystem::exists(folder / "tti-lw-stack-is-db-migrate.1"));
    EXPECT_TRUE(std::filesystem::exists(folder / "tti-lw-stack.1"));
    EXPECT_FALSE(std::filesystem::exists(folder / "tti-lw-stack-complete.1"));
    std::filesystem::remove_all(folder);
    EXPECT_EQ(run({"gen-man-pages", "--output-dir=/proc/nothing"}), ExitCode::unexpected);
    for (const auto* shell : {"bash", "zsh", "fish"}) {
        EXPECT_EQ(run({"complete", "--shell", shell, "--executable", "x"}), ExitCode::done);
        const auto script = out();
        EXPECT_EQ(run({"completion", shell}), ExitCode::done);
        EXPECT_EQ(out(), script);
    }
    EXPECT_EQ(run({"complete", "--shell=tcsh"}), ExitCode::usage);
    EXPECT_EQ(run({"reference"}), ExitCode::done);
    EXPECT_THAT(out(), HasSubstr("exit-codes  every exit code"));
    EXPECT_EQ(run({"reference", "settings"}), ExitCode::done);
    EXPECT_TRUE(out().starts_with("# Settings"));
    EXPECT_EQ(run({"reference", "weather"}), ExitCode::usage);
}

TEST_F(Runs, CommandLinesAreCheckedWithoutRunningThem) {
    input_.str("[\"is-db\",\"migrate\",\"--dry-run\"]\n[\"version\",\"--help\"]\n");
    EXPECT_EQ(run({"check-commands"}), ExitCode::done);
    EXPECT_THAT(out(), HasSubstr("0 of 2 commands"));
    input_.clear();
    input_.str(
        "[\"is-db\"]\n[\"is-db\",\"migrate\",\"--rolback\"]\n[\"version\"]\nno JSON\n"
        "[\"is-db\",\"migrate\",\"--wait=soon\"]\n");
    EXPECT_EQ(run({"check-commands"}), ExitCode::usage);
    EXPECT_THAT(out(), AllOf(HasSubstr("it is a group of commands"), HasSubstr("no option --rolback"),
                             HasSubstr("no JSON: "), HasSubstr("soon"), HasSubstr("4 of 5 commands")));
}

TEST_F(Runs, ACommandRunsAnotherWithItsOwnSettings) {
    program_.children.push_back({.name = "told",
                                 .summary = "Tell an address",
                                 .options = {{.name = "again", .type = settings::Type::boolean}},
                                 .settings = {"redis.address"},
                                 .run = [](Context& context) {
                                     context.reporter.result(context.values.text("redis.address"),
                                                             {{"again", context.values.boolean("again")}});
                                     return context.values.boolean("again") ? ExitCode::due : ExitCode::done;
                                 }});
    operation::Recorder told;
    auto words = with_command([&told](Context& context) {
        const Words inner{"told", "--again"};
        EXPECT_EQ(context.run_command(inner, told, context.stop), ExitCode::due);
        EXPECT_THROW(context.run_command(Words{"told", "--never"}, told, context.stop), UsageError);
        return ExitCode::done;
    });
    words.emplace_back("--redis.address=here:1");
    EXPECT_EQ(run(words), ExitCode::done);
    EXPECT_EQ(told.text(), "here:1");
    EXPECT_EQ(told.data()["again"], true);
    EXPECT_THAT(out(), IsEmpty());
}

}  // namespace
}  // namespace tti::cli
