#include "identity_server/restore_batch.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::identity_server {
namespace {

struct Cleared {
    std::string what, table, restored_with, loaded;
    std::vector<std::string> columns;  // the row's ID first
};

class Batch {
  public:
    Batch(postgres::Connection& connection, const Tenant& tenant, const PurgeKind* kind)
        : connection_(connection), tenant_(tenant), kind_(kind) {}

    RestoredBatch bring_back(operation::UndoReader& reader) {
        load(reader);
        if (kind_ != nullptr) {
            bring_back_entities();
        } else {
            drop_devices_of_new_applications();
        }
        for (const auto& table : tables_) {
            insert(table, "");
        }
        for (const auto& cleared : cleared_) {
            set(cleared);
        }
        return std::move(result_);
    }

  private:
    [[nodiscard]] std::string real(std::string_view table) const { return qualified(tenant_, table); }

    void load(operation::UndoReader& reader) {
        if (kind_ != nullptr) {
            for (const auto& rule : kind_->rules) {
                create(rule.table);
            }
            create("users");
            create("end_devices");
        }
        for (auto section = reader.next_section(); !section.is_null(); section = reader.next_section()) {
            const auto name = section.at("section").get<std::string>();
            const bool inserts = section.at("action") == "insert";
            const auto into = inserts ? load_rows(name, section) : load_cleared(name, section);
            connection_.copy_in(into, [&reader](std::string& bytes) { return reader.next_row(bytes); });
        }
    }

    void create(const std::string& table) {
        if (tables_.insert(table).second) {
            connection_.execute(fmt::format("CREATE TEMPORARY TABLE {} (LIKE {}) ON COMMIT DROP",
                                            postgres::quote_identifier(table), real(table)));
        }
    }

    std::string load_rows(const std::string& table, const nlohmann::json& section) {
        create(table);
        return fmt::format("COPY pg_temp.{} ({}) FROM STDIN", postgres::quote_identifier(table),
                           quoted(section.at("columns")));
    }

    static std::string quoted(const std::vector<std::string>& columns) {
        std::string text;
        for (const auto& column : columns) {
            text += (text.empty() ? "" : ", ") + postgres::quote_identifier(column);
        }
        return text;
    }

    std::string load_cleared(const std::string& what, const nlohmann::json& section) {
        cleared_.push_back({what, section.at("table"), section.at("restored_with"),
                            fmt::format("tti_cleared_{}", cleared_.size()), section.at("columns")});
        const auto& cleared = cleared_.back();
        connection_.execute(
            fmt::format("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA",
                        cleared.loaded, quoted(cleared.columns), real(cleared.table)));
        return fmt::format("COPY pg_temp.{} FROM STDIN", cleared.loaded);
    }

    // The owners first, so that what cannot come back is known before anything that hangs on it is inserted.
    void bring_back_entities() {
        const auto base = kind_->name;
        if (!kind_->account_type.empty()) {
            insert("accounts", "");
            insert(base,
                   fmt::format(" WHERE NOT EXISTS (SELECT 1 FROM pg_temp.accounts a WHERE a.account_id = b.id"
                               " AND NOT EXISTS (SELECT 1 FROM {} r WHERE r.id = a.id))",
                               real("accounts")));
        } else {
            insert(base, "");
        }
        const auto tables = taken_sets();
        if (kind_->name == "applications") {
            insert("end_devices", " WHERE b.application_id NOT IN (SELECT name FROM pg_temp.tti_expired)");
        }
        create_set(
            "tti_devices",
            fmt::format("SELECT b.id, b.application_id || '.' || b.device_id AS name, b.picture_id FROM"
                        " pg_temp.end_devices b WHERE NOT EXISTS (SELECT 1 FROM {} r WHERE r.id = b.id)",
                        real("end_devices")));
        note_taken();
        drop_dependants(tables);
    }

    std::map<std::string, std::string> taken_sets() {
        std::map<std::string, std::string> sets{{"threshold", "'infinity'::timestamptz"},
                                                {"expired", "tti_expired"}};
        for (const auto& set : kind_->sets) {
            sets[set.name] = "tti_" + set.name;
        }
        create_set(
            "tti_expired",
            fmt::format("SELECT x.* FROM ({}) x WHERE NOT EXISTS (SELECT 1 FROM {} r WHERE r.id = x.id)",
                        expand(kind_->expired, sets), real(kind_->name)));
        return sets;
    }

    // Devices are named where their application came back: another one has their EUIs.
    void note_taken() {
        note_taken(kind_->name, "SELECT name FROM pg_temp.tti_expired ORDER BY 1");
        note_taken("end_devices",
                   "SELECT name FROM pg_temp.tti_devices WHERE split_part(name, '.', 1) NOT IN"
                   " (SELECT name FROM pg_temp.tti_expired) ORDER BY 1");
    }

    void note_taken(const std::string& kind, const std::string& select) {
        const auto rows = connection_.execute(select);
        for (int row = 0; row < rows.rows(); ++row) {
            result_.taken.push_back(fmt::format("{} {}", kind, rows.text(row, 0)));
        }
    }

    // The rules say DELETE FROM the tables' own names. Nothing but the temporary ones can be reached by these
    // while search_path names no other schema.
    void drop_dependants(const std::map<std::string, std::string>& tables) {
        if (result_.taken.empty()) {
            return;
        }
        const auto path = connection_.execute("SHOW search_path");
        connection_.execute("SET LOCAL search_path TO pg_temp");
        for (const auto& set : kind_->sets) {
            if (set.name != "devices" && set.name != "pictures") {
                create_set(tables.at(set.name), expand(set.select, tables));
            }
        }
        for (const auto& rule : kind_->rules) {
            // A picture that nothing shows is the next cleanup's.
            if (rule.deletes() && rule.set != "pictures") {
                const auto dropped = connection_.execute(
                    fmt::format("DELETE FROM pg_temp.{} d USING {} s WHERE {}", rule.table,
                                tables.at(rule.set), rule.join(tables.at("threshold"))));
                note_refused(rule.table, dropped.affected());
            }
        }
        connection_.query("SELECT set_config('search_path', $1, true)", {std::string(path.text(0, 0))});
    }

    // A device that lost its application must not become another's, who took the ID.
    void drop_devices_of_new_applications() {
        if (tables_.contains("end_devices")) {
            const auto dropped = connection_.execute(fmt::format(
                "DELETE FROM pg_temp.end_devices d USING {} a WHERE a.application_id = d.application_id",
                real("applications")));
            note_refused("end_devices", dropped.affected());
        }
    }

    void note_refused(const std::string& table, std::int64_t number) {
        if (number > 0) {
            add(result_.refused, table, number);
        }
    }

    void create_set(const std::string& name, const std::string& select) {
        connection_.execute(fmt::format("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS {}", name, select));
    }

    void insert(const std::string& table, const std::string& where) {
        const auto name = postgres::quote_identifier(table);
        const auto done = connection_.execute(
            fmt::format("INSERT INTO {} SELECT b.* FROM pg_temp.{} b{} ON CONFLICT DO NOTHING", real(table),
                        name, where));
        if (done.affected() > 0) {
            add(result_.restored, table, done.affected());
        }
    }

    // What stands there by now stays.
    void set(const Cleared& cleared) {
        const auto first = postgres::quote_identifier(cleared.columns.at(1));
        std::string values;
        for (std::size_t number = 1; number < cleared.columns.size(); ++number) {
            values += fmt::format("{0}{1} = c.{1}", values.empty() ? "" : ", ",
                                  postgres::quote_identifier(cleared.columns[number]));
        }
        const auto done = connection_.execute(
            fmt::format("UPDATE {} t SET {} FROM pg_temp.{} c WHERE t.id = c.id AND t.{} IS NULL{}",
                        real(cleared.table), values, cleared.loaded, first, owner_is_there(cleared, first)));
        if (done.affected() > 0) {
            add(result_.restored, cleared.what, done.affected());
        }
    }

    [[nodiscard]] std::string owner_is_there(const Cleared& cleared, const std::string& column) const {
        const auto dot = cleared.restored_with.find('.');
        if (dot == std::string::npos) {
            return "";
        }
        return fmt::format(" AND EXISTS (SELECT 1 FROM {} o WHERE o.{} = c.{})",
                           real(cleared.restored_with.substr(0, dot)),
                           postgres::quote_identifier(cleared.restored_with.substr(dot + 1)), column);
    }

    postgres::Connection& connection_;
    const Tenant& tenant_;
    const PurgeKind* kind_;
    std::set<std::string> tables_;
    std::vector<Cleared> cleared_;
    RestoredBatch result_;
};

}  // namespace

RestoredBatch restore_batch(postgres::Connection& connection, const Tenant& tenant,
                            operation::UndoReader& reader, const operation::UndoBatch& batch) {
    reader.go_to(batch);
    const auto kind = batch.about.value("kind", "");
    Batch work(connection, tenant, find_purge_kind(kind));
    return work.bring_back(reader);
}

}  // namespace tti::identity_server
