#include "key_space/restore_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "key_space/undo_row.hpp"
#include "operation/failure_point.hpp"
#include "util/error.hpp"

namespace tti::key_space {
namespace {

using Kind = UndoneRow::Kind;

// How long it is remembered which entries came back.
constexpr std::string_view remembered_seconds = "2592000";  // 30 days

struct Form {
    std::string_view word;
    Kind kind;
    std::size_t fields;  // at least, the word included
};
constexpr std::array<Form, 5> forms{{{"key", Kind::key, 4},
                                     {"field", Kind::field, 4},
                                     {"scored", Kind::scored, 4},
                                     {"member", Kind::member, 3},
                                     {"entry", Kind::entry, 5}}};

Expected<std::int64_t> parse_ttl(std::string_view text) {
    std::int64_t ttl = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ttl);
    if (error != std::errc() || end != text.data() + text.size())
        return unexpected("a TTL that is no number");
    return ttl;
}

// Replaces each field from `first` on by the bytes that it stands for.
Expected<std::vector<std::string>> decode(std::vector<std::string> fields, std::size_t first) {
    for (std::size_t index = first; index < fields.size(); ++index) {
        auto bytes = parse_binary_text(fields[index]);
        if (!bytes) return unexpected(bytes.error());
        fields[index] = std::move(*bytes);
    }
    return fields;
}

double score(std::string_view text) {
    const std::string copy(text);
    return std::strtod(copy.c_str(), nullptr);
}

// The rows' commands, and which row each belongs to.
struct Questions {
    redis::Commands commands;
    std::vector<std::size_t> row_of;

    template <typename... Words>
    void ask(std::size_t row, const Words&... words) {
        commands.add(words...);
        row_of.push_back(row);
    }
};

void ask(Questions& questions, std::size_t index, const UndoneRow& row, const std::string& restored) {
    switch (row.kind) {
        case Kind::key:
            return questions.ask(index, "DUMP", row.key);
        case Kind::field:
            return questions.ask(index, "HGET", row.key, row.name);
        case Kind::scored:
            return questions.ask(index, "ZSCORE", row.key, row.name);
        case Kind::member:
            return questions.ask(index, "SISMEMBER", row.key, row.name);
        case Kind::entry:
            questions.ask(index, "XRANGE", row.key, row.name, row.name);
            return questions.ask(index, "SISMEMBER", restored, row.identity());
    }
}

Found judge(const UndoneRow& row, redis::ReplyView reply) {
    switch (row.kind) {
        case Kind::key:
        case Kind::field:
            if (reply.is_nil()) return Found::missing;
            return reply.text() == row.value ? Found::identical : Found::changed;
        case Kind::scored:
            if (reply.is_nil()) return Found::missing;
            return score(reply.text()) == score(row.value) ? Found::identical : Found::changed;
        case Kind::member:
            return reply.integer() == 0 ? Found::missing : Found::identical;
        case Kind::entry: {
            const bool there = reply.is_array() ? reply.size() > 0 : reply.integer() == 1;
            return there ? Found::identical : Found::missing;
        }
    }
    return Found::changed;
}

void add_entry(redis::Commands& commands, const UndoneRow& row, const std::string& restored) {
    std::vector<std::string_view> words{"XADD", row.key, "*"};
    words.insert(words.end(), row.fields.begin(), row.fields.end());
    commands.add(std::span<const std::string_view>(words));
    commands.add("SADD", restored, row.identity());
    commands.add("EXPIRE", restored, remembered_seconds);
}

void add_write(redis::Commands& commands, const UndoneRow& row, const std::string& restored) {
    const auto ttl = std::to_string(std::max<std::int64_t>(row.ttl, 0));
    switch (row.kind) {
        case Kind::key:
            return commands.add("RESTORE", row.key, ttl, row.value, "REPLACE");
        case Kind::field:
            return commands.add("HSET", row.key, row.name, row.value);
        case Kind::scored:
            return commands.add("ZADD", row.key, row.value, row.name);
        case Kind::member:
            return commands.add("SADD", row.key, row.name);
        case Kind::entry:
            return add_entry(commands, row, restored);
    }
}

void watch(redis::Connection& connection, std::span<const UndoneRow> rows) {
    std::set<std::string_view> keys;
    for (const auto& row : rows) keys.insert(row.key);
    std::vector<std::string_view> words{"WATCH"};
    words.insert(words.end(), keys.begin(), keys.end());
    redis::Commands command;
    command.add(std::span<const std::string_view>(words));
    connection.single(command);
}

[[noreturn]] void refuse(redis::Connection& connection, redis::ReplyView error) {
    if (error.error().find("DUMP payload") != std::string_view::npos) {
        throw RefusedError(
            fmt::format("{} does not take what the file holds: {}", connection.target().display(),
                        error.error()),
            "A value can be brought back to the Redis release that it came from, or to a newer "
            "one.");
    }
    throw redis::server_error(error.error(), "EXEC", connection.target().display());
}

}  // namespace

std::string UndoneRow::identity() const {
    const std::array<std::string_view, 3> parts{key, name, forms.at(static_cast<std::size_t>(kind)).word};
    auto text = format_row(parts);
    text.pop_back();
    return text;
}

std::size_t UndoneRow::bytes() const {
    std::size_t bytes = key.size() + name.size() + value.size();
    for (const auto& text : fields) bytes += text.size();
    return bytes;
}

Expected<UndoneRow> parse_undone_row(std::string_view line) {
    auto fields = parse_row(line);
    if (!fields) return unexpected(fields.error());
    const auto form = std::ranges::find(forms, fields->front(), &Form::word);
    if (form == forms.end()) return unexpected(fmt::format("a row of unknown kind \"{}\"", fields->front()));
    const bool is_entry = form->kind == Kind::entry;
    if (fields->size() < form->fields || (!is_entry && fields->size() > form->fields)) {
        return unexpected(fmt::format("a row \"{}\" of {} fields", form->word, fields->size()));
    }
    UndoneRow row{.kind = form->kind, .key = (*fields)[1]};
    if (form->kind == Kind::key) {
        const auto ttl = parse_ttl((*fields)[2]);
        if (!ttl) return unexpected(ttl.error());
        row.ttl = *ttl;
    }
    const bool is_scored = form->kind == Kind::scored;
    const auto plain_score = is_scored ? (*fields)[3] : std::string();
    if (is_scored) fields->pop_back();
    auto decoded = decode(std::move(*fields), is_entry || form->kind == Kind::key ? 3 : 2);
    if (!decoded) return unexpected(decoded.error());
    if (form->kind != Kind::key) row.name = (*decoded)[2];
    if (is_entry) {
        row.fields.assign(std::make_move_iterator(decoded->begin() + 3),
                          std::make_move_iterator(decoded->end()));
    } else if (is_scored) {
        row.value = plain_score;
    } else if (decoded->size() > 3) {
        row.value = std::move((*decoded)[3]);
    }
    return row;
}

std::vector<Found> look_up(redis::Connection& connection, std::span<const UndoneRow> rows,
                           const std::string& restored) {
    Questions questions;
    for (std::size_t index = 0; index < rows.size(); ++index) ask(questions, index, rows[index], restored);
    std::vector<Found> found(rows.size(), Found::missing);
    connection.pipeline(questions.commands, [&](std::size_t index, redis::ReplyView reply) {
        const auto row = questions.row_of.at(index);
        // Another type is another value; whatever else is an error will be told when it is written.
        const auto one = reply.is_error() ? Found::changed : judge(rows[row], reply);
        found.at(row) = std::max(found.at(row), one);
    });
    return found;
}

bool bring_back(redis::Connection& connection, std::span<const UndoneRow> rows, const std::string& restored,
                OnChange on_change, std::vector<Found>& found) {
    watch(connection, rows);
    found = look_up(connection, rows, restored);
    redis::Commands commands;
    commands.add("MULTI");
    for (std::size_t index = 0; index < rows.size(); ++index) {
        const bool replaces = found[index] == Found::changed && on_change == OnChange::replace;
        if (found[index] == Found::missing || replaces) add_write(commands, rows[index], restored);
    }
    if (commands.size() == 1) {
        connection.call("UNWATCH");
        return true;
    }
    operation::failure_point("before restore rows");
    commands.add("EXEC");
    bool done = false;
    connection.pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
        if (reply.is_error()) refuse(connection, reply);
        if (index + 1 != commands.size() || reply.is_nil()) return;
        for (std::size_t one = 0; one < reply.size(); ++one) {
            if (reply[one].is_error()) refuse(connection, reply[one]);
        }
        done = true;
    });
    operation::failure_point("after restore rows");
    return done;
}

}  // namespace tti::key_space
