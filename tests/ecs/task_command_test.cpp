#include "ecs/task_command.hpp"

#include <gmock/gmock.h>

#include "cli/own_commands.hpp"
#include "cli/run.hpp"
#include "ecs/commands.hpp"
#include "ecs/fake_deployment.hpp"
#include "support/nobody_there.hpp"

namespace tti::ecs {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Words = std::vector<std::string>;

const std::string where = "ops prod subnet-1 subnet-2 sg-1";

// A program whose commands fail when they run here.
cli::Command program() {
    const auto never = [](cli::Context&) -> ExitCode { throw std::logic_error("it ran here"); };
    cli::Command group{.name = "is-db", .summary = "Look after a database"};
    group.children = {
        {.name = "migrate",
         .summary = "Migrate it",
         .options = {{.name = "steps", .type = settings::Type::integer}},
         .settings = {"is.database-uri"},
         .effect = cli::Effect::writes,
         .run = never},
        {.name = "create-client",
         .summary = "Create a client",
         .options = {{.name = "secret", .type = settings::Type::secret_text}, {.name = "secret-from"}},
         .settings = {"is.database-uri"},
         .run = never},
        {.name = "create-key",
         .summary = "Print a key",
         .options = {{.name = "quiet", .type = settings::Type::boolean}},
         .tells_secret = [](const settings::Values& values) { return !values.boolean("quiet"); },
         .run = never},
    };
    group.children.push_back({.name = "back-up",
                              .summary = "Back it up",
                              .options = {{.name = "to"}},
                              .disk_use = [](const settings::Values& values) -> std::optional<cli::DiskUse> {
                                  const auto& place = values.text("to");
                                  if (place.starts_with("s3://")) return std::nullopt;
                                  return cli::DiskUse{
                                      .what = "the archive", .place = place, .hint = "Or think again."};
                              },
                              .run = never});
    cli::Command root{
        .name = "tti-lw-stack", .summary = "Look after databases", .options = program_options()};
    root.children = {group, commands()};
    for (auto& command : cli::own_commands()) root.children.push_back(std::move(command));
    return root;
}

class Elsewhere : public testing::Test {
  protected:
    Elsewhere() {
        aws.answers["DescribeTasks"] = {FakeDeployment::ended(0)};
        surroundings.environment = aws.environment();
        surroundings.working_directory = "/";
    }
    ExitCode run(const Words& words) {
        results.str("");
        messages.str("");
        std::istringstream input;
        return cli::run(program(), words,
                        {.terminal = {.results = results, .messages = messages},
                         .standard_input = input,
                         .surroundings = surroundings,
                         .prompt = prompt,
                         .stop = stop,
                         .elsewhere = run_elsewhere});
    }
    // With --ecs-arguments before them; ended at once, as the task need not be watched.
    ExitCode start(Words words) {
        words.insert(words.begin(), {"--ecs-arguments", where, "--detach"});
        return run(words);
    }
    // Nothing was asked of AWS, and what was said has all of `texts`.
    void expect_refused(const Words& words, ExitCode code, const Words& texts) {
        EXPECT_EQ(run(words), code) << messages.str();
        for (const auto& text : texts) EXPECT_THAT(messages.str(), HasSubstr(text));
        EXPECT_THAT(aws.requests("RunTask"), IsEmpty());
    }
    // What the last task that was started runs.
    nlohmann::json command() {
        return aws.requests("RunTask").back()["overrides"]["containerOverrides"][0]["command"];
    }

    util::NeverStop stop;
    FakeDeployment aws{stop};
    settings::Surroundings surroundings;
    test::NobodyThere prompt;
    std::ostringstream results;
    std::ostringstream messages;
};

TEST_F(Elsewhere, TheCommandIsPassedAsTyped) {
    EXPECT_EQ(start({"is-db", "migrate", "--steps", "3", "--dry-run", "--is.delete.restore=1h"}),
              ExitCode::done);
    EXPECT_EQ(command(), (Words{"tti-lw-stack", "is-db", "migrate", "--steps", "3", "--dry-run",
                                "--is.delete.restore=1h"}));
    EXPECT_EQ(run({"is-db", "--detach", "migrate", "--ecs-arguments=" + where, "--yes"}), ExitCode::done);
    EXPECT_EQ(command(), (Words{"tti-lw-stack", "is-db", "migrate", "--yes"}));
}

TEST_F(Elsewhere, WhoeverLeavesKnowsHowToComeBack) {
    EXPECT_EQ(start({"is-db", "migrate"}), ExitCode::done);
    EXPECT_THAT(results.str(), HasSubstr("tti-lw-stack ecs attach " + std::string(task_id) +
                                         " --ecs-arguments '" + where + "'"));
    EXPECT_THAT(messages.str(), HasSubstr("console.aws.amazon.com"));
    EXPECT_THAT(aws.requests("DescribeTasks"), IsEmpty());
    EXPECT_EQ(start({"--output=json", "is-db", "migrate"}), ExitCode::done);
    EXPECT_EQ(nlohmann::json::parse(results.str())["task"], task_arn);
}

TEST_F(Elsewhere, AWrongCommandLineStartsNothing) {
    expect_refused({"--ecs", "x", "is-db", "migrat"}, ExitCode::usage, {"Did you mean"});
    expect_refused({"--ecs", "x", "is-db", "migrate", "--step=3"}, ExitCode::usage,
                   {"Did you mean --steps?"});
    expect_refused({"--ecs", "x", "is-db", "migrate", "--steps=three"}, ExitCode::usage,
                   {"steps", "whole number"});
    expect_refused({"--ecs", "x", "is-db", "migrate", "--is.delete.restore=soon"}, ExitCode::usage,
                   {"is.delete.restore"});
    expect_refused({"--ecs", "x", "--ecs-arguments", where, "is-db", "migrate"}, ExitCode::usage,
                   {"exclude each other"});
    expect_refused({"--ecs-arguments", "four words are few", "is-db", "migrate"}, ExitCode::usage,
                   {"OpsRunTaskArguments"});
    expect_refused({"--ecs-arguments", where, "--timeout=0s", "is-db", "migrate"}, ExitCode::usage,
                   {"above zero"});
    expect_refused({"--ecs-arguments", where, "--timeout=1m", "--detach", "is-db", "migrate"},
                   ExitCode::usage, {"exclude each other"});
}

TEST_F(Elsewhere, WhatWouldBeLostWithItsDiskStartsNoTask) {
    for (const auto& to :
         {Words{}, Words{"--to=/var/backups"}, Words{"--to=monday"}, Words{"--to=/mnt/efsx"}}) {
        Words words{"--ecs-arguments", where, "is-db", "back-up"};
        words.insert(words.end(), to.begin(), to.end());
        expect_refused(words, ExitCode::refused,
                       {"the archive would be ", "on the disk of the task, which is new and ends with it",
                        "s3://BUCKET/", "Or think again."});
    }
    EXPECT_EQ(start({"is-db", "back-up", "--to=s3://backups/monday"}), ExitCode::done);
    EXPECT_EQ(command(), (Words{"tti-lw-stack", "is-db", "back-up", "--to=s3://backups/monday"}));
}

TEST_F(Elsewhere, AFolderThatTheTaskDefinitionMountsLasts) {
    auto answer = nlohmann::json::parse(aws.answers["DescribeTaskDefinition"].front().body);
    answer["taskDefinition"]["volumes"] = {
        {{"name", "kept"}, {"efsVolumeConfiguration", {{"fileSystemId", "fs-1"}}}}, {{"name", "scratch"}}};
    answer["taskDefinition"]["containerDefinitions"][0]["mountPoints"] = {
        {{"sourceVolume", "kept"}, {"containerPath", "/mnt/efs"}},
        {{"sourceVolume", "scratch"}, {"containerPath", "/mnt/scratch"}}};
    aws.answers["DescribeTaskDefinition"] = {ok(answer)};
    for (const auto* lost : {"--to=/mnt/scratch/monday", "--to=/mnt/efs/../monday"})
        expect_refused({"--ecs-arguments", where, "is-db", "back-up", lost}, ExitCode::refused,
                       {"ends with it"});
    EXPECT_EQ(start({"is-db", "back-up", "--to=/mnt/efs/monday"}), ExitCode::done);
    EXPECT_EQ(start({"is-db", "back-up", "--to=/mnt/efs/"}), ExitCode::done);
}

TEST_F(Elsewhere, WhereTheMountsMayNotBeLookedAtThatIsTold) {
    aws.answers["DescribeTaskDefinition"] = {refusal("AccessDeniedException", "not allowed")};
    expect_refused({"--ecs-arguments", where, "is-db", "back-up", "--to="}, ExitCode::refused,
                   {"ends with it"});
    EXPECT_EQ(start({"is-db", "back-up", "--to=/mnt/efs/monday"}), ExitCode::done);
    EXPECT_THAT(messages.str(), HasSubstr("Whether /mnt/efs/monday is on a file system"));
}

TEST_F(Elsewhere, OptionsAboutATaskNeedOne) {
    expect_refused({"--timeout=1m", "is-db", "migrate"}, ExitCode::usage,
                   {"--timeout is about a task", "--ecs STACK"});
}

TEST_F(Elsewhere, WhatIsAboutThisMachineStaysHere) {
    for (const auto& words : {Words{"completion", "bash"}, Words{"reference"}, Words{"complete"}}) {
        Words all{"--ecs", "x", "--detach"};
        all.insert(all.end(), words.begin(), words.end());
        expect_refused(all, ExitCode::usage, {"is about this machine, and cannot run as a task"});
    }
    expect_refused({"--ecs", "x", "ecs", "attach", task_id, "--detach"}, ExitCode::usage,
                   {"about this machine"});
    EXPECT_EQ(start({"version"}), ExitCode::done);
}

TEST_F(Elsewhere, ASecretGetsIntoNoOverride) {
    expect_refused({"--ecs-arguments", where, "is-db", "create-client", "--secret", "hush-hush"},
                   ExitCode::refused,
                   {"--secret-from=secretsmanager:NAME#FIELD", "--allow-secret-in-override"});
    EXPECT_THAT(messages.str() + results.str(), Not(HasSubstr("hush-hush")));
    expect_refused(
        {"--ecs-arguments", where, "is-db", "migrate", "--is.database-uri=postgresql://a:hush-hush@db"},
        ExitCode::refused, {"TTN_LW_IS_DATABASE_URI"});
    EXPECT_THAT(messages.str() + results.str(), Not(HasSubstr("hush-hush")));
    EXPECT_EQ(start({"is-db", "create-client", "--secret-from=secretsmanager:console#client_secret"}),
              ExitCode::done);
    EXPECT_EQ(start({"--allow-secret-in-override", "is-db", "create-client", "--secret", "hush-hush"}),
              ExitCode::done);
    EXPECT_EQ(command().back(), "hush-hush");
    EXPECT_THAT(messages.str() + results.str(), Not(HasSubstr("hush-hush")));
}

TEST_F(Elsewhere, ASecretGetsIntoNoLog) {
    expect_refused({"--ecs-arguments", where, "is-db", "create-key"}, ExitCode::refused,
                   {"prints a secret", "--allow-secret-in-log"});
    EXPECT_EQ(start({"is-db", "create-key", "--quiet"}), ExitCode::done);
    EXPECT_EQ(start({"--allow-secret-in-log", "is-db", "create-key"}), ExitCode::done);
}

TEST_F(Elsewhere, NotesRunAsTheyStand) {
    const Words forms[] = {
        {"--", "is-db", "migrate", "--steps=3"},
        {"--", "tti-lw-stack", "is-db", "migrate", "--steps=3"},
        {"--console-line", "tti-lw-stack,is-db,migrate,--steps=3"},
        {"--json", R"(["tti-lw-stack", "is-db", "migrate", "--steps=3"])"},
        {"--call",
         "aws ecs run-task --cluster other --overrides '{\"containerOverrides\": [{\"name\": \"ttes\", "
         "\"command\": [\"tti-lw-stack\", \"is-db\", \"migrate\", \"--steps=3\"]}]}'"},
    };
    for (const auto& form : forms) {
        Words words{"ecs", "run", "--ecs-arguments", where, "--detach"};
        words.insert(words.end(), form.begin(), form.end());
        EXPECT_EQ(run(words), ExitCode::done) << messages.str();
        EXPECT_EQ(command(), (Words{"tti-lw-stack", "is-db", "migrate", "--steps=3"}));
        EXPECT_EQ(aws.requests("RunTask").back()["cluster"], "prod");
    }
    EXPECT_THAT(aws.requests("RunTask"), SizeIs(5));
}

TEST_F(Elsewhere, AWordKeepsItsCommasAndSpaces) {
    EXPECT_EQ(run({"ecs", "run", "--detach", "--ecs-arguments", where, "--", "is-db", "create-client",
                   "--secret-from=a,\"b\" [c]"}),
              ExitCode::done);
    EXPECT_EQ(command().back(), "--secret-from=a,\"b\" [c]");
}

TEST_F(Elsewhere, RunNeedsOneWholeCommand) {
    const Words run_it{"ecs", "run", "--ecs-arguments", where};
    const auto with = [&run_it](Words more) {
        more.insert(more.begin(), run_it.begin(), run_it.end());
        return more;
    };
    expect_refused(with({}), ExitCode::usage, {"one command is needed"});
    expect_refused(with({"--json", "[\"is-db\"]", "--", "is-db", "migrate"}), ExitCode::usage,
                   {"one command is needed"});
    expect_refused(with({"--json", "no JSON"}), ExitCode::usage, {"--json cannot be read"});
    expect_refused(with({"--", "is-db"}), ExitCode::usage, {"no whole command"});
    expect_refused(with({"--", "is-db", "migrate", "--help"}), ExitCode::usage, {"no whole command"});
    expect_refused(with({"--", "--ecs", "x", "is-db", "migrate"}), ExitCode::usage,
                   {"stands within the command"});
    expect_refused(with({"--", "is-db", "create-client", "--secret=hush-hush"}), ExitCode::refused,
                   {"--secret"});
    EXPECT_THAT(messages.str(), Not(HasSubstr("hush-hush")));
    expect_refused(with({"--", "reference"}), ExitCode::usage, {"about this machine"});
}

}  // namespace
}  // namespace tti::ecs
