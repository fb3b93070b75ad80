#include "support/redis_database.hpp"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <sstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "settings/catalogue.hpp"
#include "util/text.hpp"

namespace tti::test {
namespace {

class Recorder final : public operation::Reporter {
  public:
    explicit Recorder(Outcome& outcome) : outcome_(outcome) {}
    using Reporter::log;
    void log(operation::Level, std::string_view message, const nlohmann::json& fields) override {
        outcome_.logs.push_back(std::string(message) + (fields.empty() ? "" : fields.dump()));
    }
    void plan(const operation::Plan& plan, bool) override { outcome_.plan = plan; }
    void progress(const operation::Progress&) override {}
    void step_done(const operation::Step&, const operation::Amounts&, std::chrono::milliseconds) override {}
    void result(std::string_view text, const nlohmann::json& data) override {
        outcome_.text = text;
        outcome_.data = data;
    }
    void error(const Error&) override {}

  private:
    Outcome& outcome_;
};

class GivenPrompt final : public cli::Prompt {
  public:
    explicit GivenPrompt(std::optional<bool> answer) : answer_(answer) {}
    [[nodiscard]] bool can_ask() const override { return answer_.has_value(); }
    bool ask(const std::string&) override { return answer_.value_or(false); }
    Secret new_secret(const std::string& what, const std::string& flag_hint) override {
        throw UsageError(what + " is missing", flag_hint);
    }

  private:
    std::optional<bool> answer_;
};

RedisServer& server() {
    static RedisServer shared;
    return shared;
}

}  // namespace

RedisDatabase::RedisDatabase()
    : address_(server().socket()), connection_(server().target(), {.context = "test"}, stop_) {
    connection_.call("FLUSHALL");
}

Outcome RedisDatabase::run(const cli::Command& command, const std::vector<settings::FlagText>& flags) const {
    Outcome outcome;
    Recorder reporter(outcome);
    GivenPrompt prompt(given.answer);
    util::NeverStop stop;
    std::istringstream input;
    settings::Surroundings surroundings{{{"TTN_LW_REDIS_ADDRESS", address_}, {"HOME", "/nonexistent"}}, "/"};
    for (const auto& [name, value] : given.environment) surroundings.environment[name] = value;
    try {
        const auto resolution =
            settings::resolve(settings::catalogue(), cli::inputs_of(command), flags, surroundings);
        cli::Context context{command, resolution.values, surroundings, reporter, prompt, stop,
                             input,   command.name};
        outcome.code = command.run(context);
    } catch (const Error& error) {
        outcome.code = error.code();
        outcome.error = error.what();
        outcome.hint = error.hint();
    }
    return outcome;
}

Outcome RedisDatabase::must_run(const cli::Command& command,
                                const std::vector<settings::FlagText>& flags) const {
    auto outcome = run(command, flags);
    EXPECT_EQ(outcome.code, ExitCode::done) << command.name << ": " << outcome.error;
    return outcome;
}

bool RedisDatabase::is_killed(const std::string& command_line, const std::string& failure_point) const {
    auto words = util::words(TTI_BINARY " " + command_line);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        setenv("TTN_LW_REDIS_ADDRESS", address_.c_str(), 1);
        setenv("TTI_LW_FAIL_AT", failure_point.c_str(), 1);
        const int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        execv(arguments.front(), arguments.data());
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

std::string RedisDatabase::get(const std::string& key) {
    const auto reply = connection_.call("GET", key);
    return reply->is_nil() ? "(none)" : std::string(reply->text());
}

std::vector<std::string> RedisDatabase::list(const std::string& key) {
    const auto reply = connection_.call("LRANGE", key, "0", "-1");
    std::vector<std::string> items;
    for (std::size_t index = 0; index < reply->size(); ++index) {
        items.emplace_back(reply.view()[index].text());
    }
    return items;
}

bool RedisDatabase::exists(const std::string& key) {
    return connection_.call("EXISTS", key)->integer() == 1;
}

std::map<std::string, std::string> RedisDatabase::state() {
    std::map<std::string, std::string> result;
    const auto keys = connection_.call("KEYS", "*");
    for (std::size_t index = 0; index < keys->size(); ++index) {
        const auto key = std::string(keys.view()[index].text());
        if (key.find(":tti:") != std::string::npos) continue;
        const auto dump = connection_.call("DUMP", key);
        if (dump->is_nil()) continue;
        const bool expires = connection_.call("PTTL", key)->integer() >= 0;
        result[key] = std::string(dump->text()) + (expires ? " expires" : "");
    }
    return result;
}

}  // namespace tti::test
