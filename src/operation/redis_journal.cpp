#include "operation/redis_journal.hpp"

#include <chrono>
#include <map>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tti::operation {
namespace {

using nlohmann::json;
using Fields = std::map<std::string, std::string>;

constexpr std::string_view most_entries = "1000";

std::string stream_key(const std::string& prefix) {
    return prefix + "tti:operations";
}

void append(redis::Connection& connection, const std::string& key, const Fields& fields) {
    redis::Commands command;
    std::vector<std::string_view> words{"XADD", key, "MAXLEN", "~", most_entries, "*"};
    for (const auto& [name, value] : fields) {
        words.push_back(name);
        words.push_back(value);
    }
    command.add(std::span<const std::string_view>(words));
    // Done twice after a lost connection, it is still one run: entries belong together by its token.
    connection.repeat([&] { connection.single(command); });
}

std::string counts_text(const Amounts& counts) {
    auto data = json::object();
    for (const auto& amount : counts) data[amount.what] = amount.number;
    return data.dump();
}

// An entry's ID begins with the server's time in milliseconds.
std::chrono::milliseconds since_epoch(std::string_view id) {
    return std::chrono::milliseconds(std::stoll(std::string(id)));
}

std::string time_of(std::string_view id) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_epoch(id)).count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

Fields fields_of(redis::ReplyView entry) {
    Fields fields{{"id", std::string(entry[0].text())}};
    const auto pairs = entry[1];
    for (std::size_t index = 0; index + 1 < pairs.size(); index += 2) {
        fields[std::string(pairs[index].text())] = pairs[index + 1].text();
    }
    return fields;
}

JournalRecord record_of(Fields& begun, Fields* ended, bool running) {
    JournalRecord record{.id = begun["id"],
                         .started_at = time_of(begun["id"]),
                         .finished_at = {},
                         .outcome = running ? "running" : "killed",
                         .user = begun["user"],
                         .host = begun["host"],
                         .pid = begun["pid"],
                         .task = begun["task"],
                         .version = begun["version"],
                         .command = begun["command"],
                         .plan_hash = begun["plan_hash"],
                         .counts = {},
                         .error = {},
                         .steps = {}};
    const auto steps = json::parse(begun["steps"], nullptr, false);
    if (steps.is_array()) record.steps = steps.get<std::vector<std::string>>();
    if (ended != nullptr) {
        record.finished_at = time_of((*ended)["id"]);
        record.seconds =
            std::chrono::duration<double>(since_epoch((*ended)["id"]) - since_epoch(begun["id"])).count();
        record.outcome = (*ended)["outcome"];
        record.counts = (*ended)["counts"];
        record.error = (*ended)["error"];
    }
    return record;
}

}  // namespace

void RedisJournal::begin(const Identity& identity, const std::string& plan_hash,
                         const std::vector<std::string>& steps) {
    id_ = lock_.token();
    append(connection_, stream_key(prefix_),
           {{"event", "begin"},
            {"run", id_},
            {"area", std::string(describe(area_))},
            {"user", identity.user},
            {"host", identity.host},
            {"pid", std::to_string(identity.pid)},
            {"task", identity.task},
            {"version", identity.version},
            {"command", identity.command},
            {"plan_hash", plan_hash},
            {"steps", json(steps).dump()}});
}

void RedisJournal::progress(const std::string& step, int percent) {
    lock_.progress(step, percent);
}

void RedisJournal::finish(Outcome outcome, const Amounts& counts, const std::string& error) {
    if (id_.empty()) return;
    append(connection_, stream_key(prefix_),
           {{"event", "end"},
            {"run", id_},
            {"area", std::string(describe(area_))},
            {"outcome", std::string(describe(outcome))},
            {"counts", counts_text(counts)},
            {"error", error}});
}

std::vector<JournalRecord> read_redis_journal(redis::Connection& connection, const std::string& prefix,
                                              Area area, int limit) {
    // The lock first: a run that ends in between then has its end in what is read after it.
    const auto holder = redis_lock_token(connection, prefix, area);
    const auto entries = connection.call("XREVRANGE", stream_key(prefix), "+", "-");
    std::map<std::string, Fields> ended;
    std::set<std::string> told;
    std::vector<JournalRecord> records;
    for (std::size_t index = 0; index < entries->size(); ++index) {
        auto fields = fields_of(entries.view()[index]);
        const auto run = fields["run"];
        if (fields["area"] != describe(area)) continue;
        if (fields["event"] == "end") {
            ended.insert_or_assign(run, std::move(fields));
        } else if (told.insert(run).second && records.size() < static_cast<std::size_t>(limit)) {
            const auto end = ended.find(run);
            records.push_back(record_of(fields, end == ended.end() ? nullptr : &end->second, run == holder));
        }
    }
    return records;
}

}  // namespace tti::operation
