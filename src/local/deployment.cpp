#include "local/deployment.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "local/folder_lock.hpp"
#include "local/postgres_server.hpp"
#include "local/private_file.hpp"
#include "local/programs.hpp"
#include "local/redis_server.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

namespace fs = std::filesystem;

// Others pass through to the folders of the servers' account; there is nothing to read in between.
constexpr mode_t passable = S_IRWXU | S_IXGRP | S_IXOTH;
// PostgreSQL writes a last checkpoint, which on a slow disk takes its time.
constexpr std::chrono::seconds stop_limit{120};

// Empty, or left by a call that was killed before it wrote the record. Anything else is somebody's.
bool is_free_for_us(const Layout& layout) {
    std::error_code none;
    const fs::directory_iterator entries(layout.folder, none);
    return std::all_of(begin(entries), end(entries), [&](const fs::directory_entry& entry) {
        return entry.path() == layout.lock() || entry.path() == layout.record().string() + ".new";
    });
}

void require_ours(const Layout& layout) {
    if (!fs::exists(layout.record()) && !is_free_for_us(layout)) {
        throw RefusedError(
            fmt::format("the folder {} is not empty and holds no local.json, so it is not a local "
                        "deployment",
                        layout.folder.string()),
            "Name an empty or a new folder with --dir.");
    }
}

void make_parents(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (error) {
        throw Error(
            ExitCode::unexpected,
            fmt::format("cannot make the folder {}: {}", folder.parent_path().string(), error.message()),
            "Give a folder that you may write to with --dir.");
    }
}

void prepare_folder(const Site& site) {
    make_parents(site.layout.folder);
    make_folder(site.layout.folder, passable, site.owner);
}

Record load_or_create_record(const Site& site, State& state) {
    if (auto record = load_record(site.layout)) {
        return *std::move(record);
    }
    if (fs::exists(site.layout.record())) {
        throw Error(ExitCode::unexpected, fmt::format("cannot read {}", site.layout.record().string()),
                    "Run the command as the folder's owner.");
    }
    auto record = new_record();
    save_record(site, record);
    state.created_folder = true;
    return record;
}

void make_folders(const Site& site) {
    make_folder(site.layout.logs(), passable, site.owner);
    make_folder(site.layout.run(), owner_only, account_for(site));
}

std::string data_version(const Layout& layout) {
    const auto text = read_file(layout.postgres() / "PG_VERSION").value_or("");
    return text.substr(0, text.find('\n'));
}

ServerState state_of(Server& server, util::Stop& stop) {
    ServerState state{server.name(), server.port(), false, std::nullopt, {}};
    if (auto answer = server.find() ? server.ask(stop) : unexpected("")) {
        state.answer = *std::move(answer);
    } else {
        state.problem = answer.error();
    }
    return state;
}

ServerState bring_up(Server& server, const Site& site, const Record& record, const FolderLock& lock,
                     util::Stop& stop) {
    const auto was = ensure_running(server, lock, stop, [&] { save_record(site, record); });
    auto state = state_of(server, stop);
    state.changed = was == Was::started;
    return state;
}

// Renamed first: a deletion that is killed half-way leaves rubbish, not a database with holes.
void delete_folder(const fs::path& folder, const fs::path& rubbish) {
    fs::remove_all(rubbish);
    if (fs::exists(folder)) {
        fs::rename(folder, rubbish);
    }
    fs::remove_all(rubbish);
}

void delete_data(const Layout& layout) {
    delete_folder(layout.postgres(), layout.postgres_new());
    delete_folder(layout.redis(), layout.redis_old());
    for (const auto& path : {layout.run(), layout.logs(), layout.secrets(), layout.description(),
                             layout.redis_settings(), layout.initial_password(), layout.record()}) {
        fs::remove_all(path);
    }
    fs::remove(layout.lock());
    // Left in place when somebody keeps something else there.
    std::error_code not_empty;
    fs::remove(layout.folder, not_empty);
}

std::int64_t bytes_below(const fs::path& folder) {
    std::error_code ignored;
    std::int64_t sum = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
        const auto size = entry.is_regular_file(ignored) ? entry.file_size(ignored) : 0;
        sum += static_cast<std::int64_t>(size);
    }
    return sum;
}

operation::Step step(std::string name, std::string what, std::string why, std::string undo) {
    operation::Step step;
    step.name = std::move(name);
    step.what = std::move(what);
    step.why = std::move(why);
    step.undo = std::move(undo);
    return step;
}

void plan_starts(const Site& site, Record& record, operation::Plan& plan) {
    PostgresServer postgres(site, record, nullptr);
    RedisServer redis(site, record, nullptr);
    if (!postgres.has_data()) {
        plan.steps.push_back(step("make-postgresql", "make an empty PostgreSQL with the database ttn_lorawan",
                                  "there is none", "tti-lw-stack local reset"));
    }
    for (const Server* server : {static_cast<const Server*>(&postgres), static_cast<const Server*>(&redis)}) {
        if (!server->find()) {
            plan.steps.push_back(step("start-" + server->name(), "start " + server->name(),
                                      "it is not running", "tti-lw-stack local down"));
        }
    }
}

void plan_stops(const Site& site, Record& record, operation::Plan& plan) {
    PostgresServer postgres(site, record, nullptr);
    RedisServer redis(site, record, nullptr);
    for (const Server* server : {static_cast<const Server*>(&postgres), static_cast<const Server*>(&redis)}) {
        if (server->find()) {
            plan.steps.push_back(step("stop-" + server->name(), "stop " + server->name(), "it is running",
                                      "tti-lw-stack local up"));
        }
    }
}

}  // namespace

bool State::running() const {
    return std::ranges::all_of(servers, [](const ServerState& server) { return server.answer.has_value(); });
}

Record require_record(const Site& site) {
    if (auto record = load_record(site.layout)) {
        return *std::move(record);
    }
    if (fs::exists(site.layout.record())) {
        throw Error(ExitCode::unexpected, fmt::format("cannot read {}", site.layout.record().string()),
                    "Run the command as the folder's owner.");
    }
    throw DueError(fmt::format("there is no local deployment in {}", site.layout.folder.string()),
                   "Make one with `tti-lw-stack local up`, or name its folder with --dir.");
}

State bring_up(const Site& site, const settings::Surroundings& surroundings, std::chrono::nanoseconds wait,
               util::Stop& stop) {
    require_usable(site);
    const auto programs = find_programs(surroundings, data_version(site.layout));
    require_ours(site.layout);
    prepare_folder(site);
    const FolderLock lock(site, wait, stop);
    State state;
    auto record = load_or_create_record(site, state);
    make_folders(site);
    PostgresServer postgres(site, record, &programs);
    RedisServer redis(site, record, &programs);
    state.servers.push_back(bring_up(postgres, site, record, lock, stop));
    state.created_database = postgres.create_database(stop);
    state.servers.push_back(bring_up(redis, site, record, lock, stop));
    return state;
}

State take_down(const Site& site, std::chrono::nanoseconds wait, util::Stop& stop) {
    auto record = require_record(site);
    const FolderLock lock(site, wait, stop);
    PostgresServer postgres(site, record, nullptr);
    RedisServer redis(site, record, nullptr);
    State state;
    for (Server* server : {static_cast<Server*>(&postgres), static_cast<Server*>(&redis)}) {
        const bool stopped = stop_server(*server, stop_limit, stop);
        state.servers.push_back({server->name(), server->port(), stopped, std::nullopt, {}});
    }
    return state;
}

State look(const Site& site, util::Stop& stop) {
    auto record = require_record(site);
    PostgresServer postgres(site, record, nullptr);
    RedisServer redis(site, record, nullptr);
    State state;
    state.servers.push_back(state_of(postgres, stop));
    state.servers.push_back(state_of(redis, stop));
    return state;
}

void remove_all(const Site& site, std::chrono::nanoseconds wait, util::Stop& stop) {
    auto record = require_record(site);
    const FolderLock lock(site, wait, stop);
    const PostgresServer postgres(site, record, nullptr);
    const RedisServer redis(site, record, nullptr);
    stop_server(postgres, stop_limit, stop);
    stop_server(redis, stop_limit, stop);
    delete_data(site.layout);
}

operation::Plan plan_up(const Site& site) {
    require_usable(site);
    require_ours(site.layout);
    operation::Plan plan;
    plan.title = "bring up the local deployment in " + site.layout.folder.string();
    auto record = load_record(site.layout);
    if (!record) {
        plan.steps.push_back(step("make-folder", "make the folder, choose ports and passwords",
                                  "there is none", "tti-lw-stack local reset"));
        record.emplace();
    }
    plan_starts(site, *record, plan);
    return plan;
}

operation::Plan plan_down(const Site& site) {
    auto record = require_record(site);
    operation::Plan plan;
    plan.title = "stop the local deployment in " + site.layout.folder.string();
    plan_stops(site, record, plan);
    return plan;
}

operation::Plan plan_removal(const Site& site) {
    auto record = require_record(site);
    operation::Plan plan;
    plan.title = "delete the local deployment in " + site.layout.folder.string();
    plan_stops(site, record, plan);
    auto removal =
        step("delete", "delete its PostgreSQL and Redis with all their data, its logs and its passwords",
             "asked for", "");
    removal.destroys = true;
    operation::add(removal.touches, "bytes",
                   bytes_below(site.layout.postgres()) + bytes_below(site.layout.redis()));
    plan.steps.push_back(std::move(removal));
    plan.confirmation =
        fmt::format("All data of the local deployment in {} is deleted and cannot be brought back.",
                    site.layout.folder.string());
    return plan;
}

}  // namespace tti::local
