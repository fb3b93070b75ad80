#include "key_space/undo.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/undo_row.hpp"

namespace tti::key_space {
namespace {

constexpr std::size_t wanted_batch_bytes = std::size_t{4} << 20U;
constexpr std::size_t most_batch_keys =
    8192;  // restore looks back twice as far for rows that are there twice
constexpr std::size_t first_guess = std::size_t{16} << 10U;

// "ns-db purge" of tenant acme: "ns-purge-20260102T030405006Z-acme.undo".
std::string file_name(std::string command, const std::string& time, const std::string& tenant) {
    if (const auto group = command.find("-db "); group != std::string::npos) command.replace(group, 4, "-");
    return fmt::format("{}-{}-{}.undo", command, time, tenant);
}

std::string now_text() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::time_t seconds = milliseconds / 1000;
    return fmt::format("{:%Y%m%dT%H%M%S}{:03}Z", fmt::gmtime(seconds), milliseconds % 1000);
}

}  // namespace

std::vector<settings::Option> undo_options() {
    auto options = undo::place_options();
    options.push_back({.name = "max-delete",
                       .description = "refuse when more records of a kind would go",
                       .value_name = "N|N%",
                       .default_text = "5%"});
    return options;
}

struct UndoRows::Implementation {
    Session& session;
    undo::Place place;
    std::string command;
    std::optional<operation::UndoWriter> writer;
    std::size_t typical_bytes = first_guess;
    std::size_t batch_bytes = 0;
    std::size_t batch_keys = 0;

    void row(std::initializer_list<std::string_view> fields) {
        write(format_row(std::span(fields.begin(), fields.size())));
    }
    void write(const std::string& line) {
        if (!writer) return;
        batch_bytes += line.size();
        ++batch_keys;
        writer->row(line);
    }
    void open() {
        const auto& values = session.context().values;
        const auto tenant =
            session.tenant_id().empty() ? values.text("tenancy.default-id") : session.tenant_id();
        const auto time = now_text();
        writer.emplace(place.create(file_name(command, time, tenant)),
                       nlohmann::json{{"command", command},
                                      {"written_at", time},
                                      {"database", "redis"},
                                      {"tenant_id", tenant},
                                      {"name_space", session.keys().prefix()},
                                      {"server", session.connection().target().display()},
                                      {"server_version", session.connection().server().version}});
    }
};

UndoRows::UndoRows(Session& session, const undo::Place& place, std::string command)
    : implementation_(std::make_unique<Implementation>(
          Implementation{session, place, std::move(command), std::nullopt})) {}

UndoRows::~UndoRows() {
    if (implementation_->writer) implementation_->writer->remove_if_empty();
}

void UndoRows::begin_batch() {
    auto& self = *implementation_;
    if (!self.place.keeps) return;
    if (!self.writer) self.open();
    self.batch_bytes = 0;
    self.batch_keys = 0;
    self.writer->begin_batch(nlohmann::json::object());
    self.writer->section("rows", nlohmann::json::object());
}

void UndoRows::key(std::string_view key, std::int64_t ttl, std::string_view dump) {
    implementation_->row({"key", key, std::to_string(ttl), binary_text(dump)});
}

void UndoRows::field(std::string_view key, std::string_view field, std::string_view value) {
    implementation_->row({"field", key, binary_text(field), binary_text(value)});
}

void UndoRows::scored(std::string_view key, std::string_view member, std::string_view score) {
    implementation_->row({"scored", key, binary_text(member), score});
}

void UndoRows::member(std::string_view key, std::string_view member) {
    implementation_->row({"member", key, binary_text(member)});
}

void UndoRows::entry(std::string_view key, std::string_view id,
                     std::span<const std::string> fields_and_values) {
    std::vector<std::string> texts;
    texts.reserve(fields_and_values.size());
    for (const auto& text : fields_and_values) texts.push_back(binary_text(text));
    std::vector<std::string_view> fields{"entry", key, id};
    fields.insert(fields.end(), texts.begin(), texts.end());
    implementation_->write(format_row(fields));
}

void UndoRows::end_batch() {
    auto& self = *implementation_;
    if (!self.writer) return;
    self.writer->end_batch();
    if (self.batch_keys > 0) {
        self.typical_bytes =
            std::max<std::size_t>({self.batch_bytes / self.batch_keys, self.typical_bytes * 3 / 4, 1});
    }
}

void UndoRows::abandon_batch() {
    if (implementation_->writer) implementation_->writer->abandon_batch();
}

std::string UndoRows::file() const {
    const auto& writer = implementation_->writer;
    return writer && writer->batches() > 0 ? writer->display() : "";
}

std::size_t UndoRows::typical_bytes() const {
    return implementation_->typical_bytes;
}

bool UndoRows::keeps() const {
    return implementation_->place.keeps;
}

std::size_t UndoRows::keys_a_batch() const {
    return std::clamp<std::size_t>(wanted_batch_bytes / implementation_->typical_bytes, 1, most_batch_keys);
}

}  // namespace tti::key_space
