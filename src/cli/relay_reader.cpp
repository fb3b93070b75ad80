#include "cli/relay_reader.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace tti::cli {
namespace {

using nlohmann::json;
using operation::Reporter;

constexpr std::string_view beginning = "{\"relay\":";

// Numbers beyond the last one are of a newer build; what they mean is not known here.
template <typename Enum>
Enum enum_in(const json& number, Enum last) {
    return static_cast<Enum>(std::min(number.get<unsigned>(), static_cast<unsigned>(last)));
}

operation::Amounts amounts_in(const json& list) {
    operation::Amounts amounts;
    for (const auto& amount : list) {
        amounts.push_back({amount.at(0).get<std::string>(), amount.at(1).get<std::int64_t>()});
    }
    return amounts;
}

operation::Step step_in(const json& data) {
    operation::Step step;
    data.at("name").get_to(step.name);
    data.at("what").get_to(step.what);
    data.at("why").get_to(step.why);
    step.touches = amounts_in(data.at("touches"));
    step.lock = enum_in(data.at("lock"), operation::Lock::table);
    data.at("destroys").get_to(step.destroys);
    data.at("undo").get_to(step.undo);
    data.at("group").get_to(step.group);
    data.at("database").get_to(step.database);
    return step;
}

void replay_log(const json& event, Reporter& reporter) {
    reporter.log(enum_in(event.at("level"), operation::Level::fatal), event.at("message").get<std::string>(),
                 event.at("fields"));
}

void replay_plan(const json& event, Reporter& reporter) {
    operation::Plan plan;
    event.at("title").get_to(plan.title);
    for (const auto& step : event.at("steps")) plan.steps.push_back(step_in(step));
    event.at("notes").get_to(plan.notes);
    event.at("refusals").get_to(plan.refusals);
    event.at("refusal_hint").get_to(plan.refusal_hint);
    event.at("confirmation").get_to(plan.confirmation);
    event.at("shows_hash").get_to(plan.shows_hash);
    reporter.plan(plan, event.at("dry_run").get<bool>());
}

void replay_progress(const json& event, Reporter& reporter) {
    operation::Progress progress;
    event.at("step").get_to(progress.step);
    event.at("number").get_to(progress.number);
    event.at("of").get_to(progress.of);
    event.at("unit").get_to(progress.unit);
    event.at("done").get_to(progress.done);
    event.at("total").get_to(progress.total);
    reporter.progress(progress);
}

void replay_step(const json& event, Reporter& reporter) {
    reporter.step_done(step_in(event.at("step")), amounts_in(event.at("counts")),
                       std::chrono::milliseconds(event.at("milliseconds").get<std::int64_t>()));
}

void replay_result(const json& event, Reporter& reporter) {
    reporter.result(event.at("text").get<std::string>(), event.at("data"));
}

void replay_error(const json& event, Reporter& reporter) {
    reporter.error(Error(event.at("exit_code").get<ExitCode>(), event.at("message").get<std::string>(),
                         event.at("hint").get<std::string>()));
}

}  // namespace

std::optional<ExitCode> RelayedLine::exit_code() const {
    if (event.value("event", "") != "end" || !event.contains("exit_code")) return std::nullopt;
    return event.at("exit_code").get<ExitCode>();
}

bool begins_relayed(std::string_view text) {
    return text.starts_with(beginning);
}

std::optional<RelayedLine> parse_relayed(std::string_view text) {
    if (!begins_relayed(text)) return std::nullopt;
    auto event = json::parse(text, nullptr, false);
    if (!event.is_object() || !event.at("relay").is_number_unsigned()) return std::nullopt;
    const auto kind = event.find("event");
    const auto code = event.find("exit_code");
    if (kind == event.end() || !kind->is_string()) return std::nullopt;
    if (code != event.end() && !code->is_number_integer()) return std::nullopt;
    const auto number = event.at("relay").get<std::size_t>();
    return RelayedLine{number, std::move(event)};
}

bool replay(const RelayedLine& line, Reporter& reporter) {
    static const std::map<std::string, std::function<void(const json&, Reporter&)>> kinds{
        {"log", replay_log},
        {"plan", replay_plan},
        {"progress", replay_progress},
        {"step", replay_step},
        {"result", replay_result},
        {"error", replay_error},
        {"end", [](const json&, Reporter&) {}},
    };
    const auto kind = kinds.find(line.event.at("event").get<std::string>());
    if (kind == kinds.end()) return false;
    try {
        kind->second(line.event, reporter);
    } catch (const json::exception&) {
        return false;  // of a build that tells it otherwise
    }
    return true;
}

}  // namespace tti::cli
