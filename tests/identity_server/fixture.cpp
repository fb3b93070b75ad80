#include "identity_server/fixture.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "settings/catalogue.hpp"

namespace tti::identity_server::test {
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
    explicit GivenPrompt(const std::optional<std::string>& typed) : typed_(typed) {}
    [[nodiscard]] bool can_ask() const override { return typed_.has_value(); }
    bool ask(const std::string&) override { return false; }
    Secret new_secret(const std::string& what, const std::string& flag_hint) override {
        if (!typed_) throw UsageError(what + " is missing", flag_hint);
        return Secret(*typed_);
    }

  private:
    const std::optional<std::string>& typed_;
};

postgres::Uri parsed(const std::string& text) {
    return *postgres::Uri::parse(text);
}

}  // namespace

Outcome Database::run(const cli::Command& command, const std::vector<settings::FlagText>& flags) const {
    Outcome outcome;
    Recorder reporter(outcome);
    GivenPrompt prompt(given.typed);
    util::NeverStop stop;
    std::istringstream input(given.standard_input);
    settings::Surroundings surroundings{{{"TTN_LW_IS_DATABASE_URI", uri_}, {"HOME", "/nonexistent"}}, "/"};
    surroundings.environment.insert(given.environment.begin(), given.environment.end());
    try {
        const auto resolution =
            settings::resolve(settings::catalogue(), cli::flags_of(command), flags, surroundings);
        cli::Context context{command, resolution.values,      surroundings, reporter, prompt, stop,
                             input,   "is-db " + command.name};
        outcome.code = command.run(context);
    } catch (const Error& error) {
        outcome.code = error.code();
        outcome.error = error.what();
        outcome.hint = error.hint();
    }
    return outcome;
}

Outcome Database::must_run(const cli::Command& command, const std::vector<settings::FlagText>& flags) const {
    auto outcome = run(command, flags);
    EXPECT_EQ(outcome.code, ExitCode::done) << command.name << ": " << outcome.error;
    return outcome;
}

void Database::execute(const std::string& sql) const {
    util::NeverStop stop;
    postgres::Connection connection(parsed(uri_), {.context = "test"}, stop);
    connection.execute(sql);
}

std::string Database::rows(const std::string& sql) const {
    util::NeverStop stop;
    postgres::Connection connection(parsed(uri_), {.context = "test"}, stop);
    const auto result = connection.execute(sql);
    std::string text;
    for (int row = 0; row < result.rows(); ++row) {
        for (int column = 0; column < result.columns(); ++column) {
            text += (column == 0 ? "" : "|") + std::string(result.text(row, column));
        }
        text += "\n";
    }
    return text;
}

}  // namespace tti::identity_server::test
