#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "operation/runner.hpp"

namespace tti::operation::test {

// Everything that happened, in order, as short texts.
using Events = std::vector<std::string>;

class FakeLock final : public RunLock {
  public:
    explicit FakeLock(Events& events) : events_(events) {}
    void acquire(std::chrono::nanoseconds) override { events_.emplace_back("lock"); }

  private:
    Events& events_;
};

class FakeJournal final : public Journal {
  public:
    explicit FakeJournal(Events& events) : events_(events) {}
    void begin(const Identity&, const std::string&, const std::vector<std::string>&) override {
        events_.emplace_back("journal begins");
    }
    void progress(const std::string&, int percent) override { last_percent = percent; }
    void finish(Outcome outcome, const Amounts& counts, const std::string& error) override {
        events_.push_back("journal: " + std::string(describe(outcome)));
        final_counts = counts;
        final_error = error;
        if (out_of_reach) throw UnreachableError("the journal is gone");
    }
    bool out_of_reach = false;
    int last_percent = -1;
    Amounts final_counts;
    std::string final_error;

  private:
    Events& events_;
};

class FakeReporter final : public Reporter {
  public:
    explicit FakeReporter(Events& events) : events_(events) {}
    using Reporter::log;
    void log(Level, std::string_view, const nlohmann::json&) override {}
    void plan(const Plan&, bool dry_run) override {
        events_.emplace_back(dry_run ? "plan is the result" : "plan");
    }
    void progress(const Progress&) override {}
    void step_done(const Step& step, const Amounts&, std::chrono::milliseconds) override {
        events_.push_back("done: " + step.name);
    }
    void result(std::string_view text, const nlohmann::json& data) override {
        events_.push_back("result: " + std::string(text));
        result_data = data;
    }
    void error(const Error&) override {}
    nlohmann::json result_data;

  private:
    Events& events_;
};

class FakeConfirmer final : public Confirmer {
  public:
    [[nodiscard]] bool can_ask() const override { return terminal; }
    bool ask(const std::string& question) override {
        asked = question;
        return answer;
    }
    bool terminal = false;
    bool answer = false;
    std::string asked;
};

class FakeStop final : public util::Stop {
  public:
    bool requested() override { return now; }
    [[nodiscard]] int descriptor() const override { return -1; }
    bool now = false;
};

class FakeOperation final : public Operation {
  public:
    Plan plan() override { return planned; }
    void verify() override {
        if (verify_throws) throw DueError("differs");
    }
    std::string result_text() override { return "text"; }
    nlohmann::json result_data() override { return {{"answer", 42}}; }
    Plan planned;
    bool verify_throws = false;
};

}  // namespace tti::operation::test
