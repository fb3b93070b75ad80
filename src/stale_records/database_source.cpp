#include <set>

#include <fmt/format.h>

#include "identity_server/session.hpp"
#include "stale_records/identity_source.hpp"
#include "util/error.hpp"

namespace tti::stale_records {
namespace {

// The next field of a row of COPY; IDs and EUIs hold nothing that it would escape.
std::string_view take_field(std::string_view& row) {
    const auto end = row.find_first_of("\t\n");
    const auto field = row.substr(0, end);
    row.remove_prefix(end == std::string_view::npos ? row.size() : end + 1);
    return field;
}

// A list as of one moment: one read-only transaction for all of it.
class TableListing {
  public:
    explicit TableListing(postgres::Connection& connection) : connection_(connection) {}

    void devices(Fingerprints& devices, Fingerprints* eui_pairs) {
        copy("end_devices",
             "SELECT application_id || '.' || device_id, upper(coalesce(join_eui, '')),"
             " upper(coalesce(dev_eui, '')) FROM end_devices",
             {&devices, eui_pairs}, [&](std::string_view row) {
                 devices.add(take_field(row));
                 const auto join_eui = take_field(row);
                 const auto dev_eui = take_field(row);
                 if (eui_pairs != nullptr && !join_eui.empty() && !dev_eui.empty()) {
                     eui_pairs->add(fmt::format("{}:{}", join_eui, dev_eui));
                 }
             });
    }

    void applications(Fingerprints& applications) {
        copy("applications", "SELECT application_id FROM applications", {&applications},
             [&](std::string_view row) { applications.add(take_field(row)); });
    }

  private:
    void copy(const std::string& table, const std::string& query, std::initializer_list<Fingerprints*> into,
              const std::function<void(std::string_view)>& row) {
        const auto count = connection_.execute("SELECT count(*) FROM " + table).integer(0, 0);
        for (auto* set : into) {
            if (set != nullptr) set->reserve(static_cast<std::size_t>(count));
        }
        const auto rows = connection_.copy_out("COPY (" + query + ") TO STDOUT", row);
        for (auto* set : into) {
            if (set != nullptr) set->seal();
        }
        if (rows != count) {
            throw RefusedError(fmt::format("the Identity Server's database counts {} rows in {} and gave {}",
                                           count, table, rows),
                               "Run the command again; nothing was changed.");
        }
    }

    postgres::Connection& connection_;
};

class DatabaseSource final : public IdentitySource {
  public:
    explicit DatabaseSource(cli::Context& context) : context_(context) {
        identity_server::Session session(context_, identity_server::Access::read);
        uri_ = session.uri();
        use(session);
        const auto& connection = session.connection();
        require_tables(session, connection.uri().display());
    }

    Known ask(const Question& question) override {
        identity_server::Session session(context_, identity_server::Access::read);
        use(session);
        Known known;
        TableListing listing(session.connection());
        listing.devices(known.devices, question.eui_pairs ? &known.eui_pairs : nullptr);
        if (question.applications) listing.applications(known.applications);
        return known;
    }

    std::vector<bool> knows_devices(std::span<const std::string> uids) override {
        return look(
            "SELECT d.application_id || '.' || d.device_id FROM end_devices d"
            " JOIN unnest($1::text[]) AS asked (uid) ON d.application_id = split_part(asked.uid, '.', 1)"
            " AND d.device_id = split_part(asked.uid, '.', 2)",
            uids);
    }

    std::vector<bool> knows_applications(std::span<const std::string> ids) override {
        return look("SELECT application_id FROM applications WHERE application_id = ANY ($1::text[])", ids);
    }

    [[nodiscard]] std::string display() const override { return "database " + uri_->display(); }

  private:
    void use(identity_server::Session& session) {
        const auto& values = context_.values;
        const auto id = values.has("tenant-id") ? values.text("tenant-id") : "";
        const auto tenant = session.tenant(id);
        schema_ = postgres::quote_identifier(tenant.schema);
        session.use(tenant);
    }

    void require_tables(identity_server::Session& session, const std::string& where) const {
        const auto row = session.connection().execute(
            "SELECT to_regclass('end_devices') IS NOT NULL AND to_regclass('applications') IS NOT NULL,"
            " pg_is_in_recovery()");
        if (!row.boolean(0, 0)) {
            throw RefusedError(
                fmt::format("{} has no tables of the Identity Server in schema {}", where, schema_),
                "Is is.database-uri the right one? tti-lw-stack is-db status shows what is there.");
        }
        // What is written at its primary may not be here yet, and would look as if it were gone.
        if (row.boolean(0, 1) && !context_.values.boolean("dry-run")) {
            throw RefusedError(fmt::format("{} is a standby, which may lag behind", where),
                               "Set is.database-uri to the primary.");
        }
    }

    // Of a moment of its own each time, so that it sees what was written until now.
    std::vector<bool> look(const std::string& sql, std::span<const std::string> ids) {
        auto& connection = fresh_connection();
        connection.query("SELECT set_config('search_path', $1, true)", {schema_});
        const auto result = connection.query(sql, {postgres::array_literal(ids)});
        std::set<std::string, std::less<>> there;
        for (int row = 0; row < result.rows(); ++row) there.emplace(result.text(row, 0));
        std::vector<bool> known;
        for (const auto& id : ids) known.push_back(there.contains(id));
        return known;
    }

    postgres::Connection& fresh_connection() {
        try {
            if (looking_) {
                looking_->execute("COMMIT; BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
                return *looking_;
            }
        } catch (const postgres::ConnectionError&) {
            looking_.reset();
        }
        return looking_.emplace(
            *uri_, postgres::ConnectOptions{.context = "identity server", .mode = postgres::Mode::read_only},
            context_.stop);
    }

    cli::Context& context_;
    std::optional<postgres::Uri> uri_;
    std::string schema_;
    std::optional<postgres::Connection> looking_;
};

}  // namespace

std::unique_ptr<IdentitySource> open_database_source(cli::Context& context) {
    return std::make_unique<DatabaseSource>(context);
}

}  // namespace tti::stale_records
