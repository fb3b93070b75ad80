#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "backup/cipher.hpp"
#include "backup/kept_entry.hpp"
#include "util/expected.hpp"

namespace tti::backup {

inline constexpr std::string_view manifest_format = "tti-lw-stack backup";
// Of an archive with a schema that TimescaleDB keeps; all others are of version 1, which older builds read.
inline constexpr int manifest_version = 2;

// A file as it lies in the archive; encrypted where the archive is.
struct FileEntry {
    std::string name;
    std::int64_t size = 0;
    std::string sha256;  // lower-case hex
    bool operator==(const FileEntry&) const = default;
};

// What a table held, whatever the order of its rows.
struct TableContent {
    std::string name;
    std::int64_t rows = 0;
    std::string digest;  // the sum of the rows' MD5, as a decimal number
    bool operator==(const TableContent&) const = default;
};

// What a schema held at one moment.
struct SchemaContent {
    std::string catalogue;  // MD5 of all definitions in it
    std::string layout;     // the last migration in its bookkeeping; empty where it has none
    std::vector<TableContent> tables;
    bool operator==(const SchemaContent&) const = default;
};

struct SchemaEntry {
    std::string component;  // whose tables: "is", "storage", "noc"
    std::string schema;
    std::string tenant_id;  // whose it is; empty where it is nobody's alone
    std::string file;       // pg_dump's custom format; empty where TimescaleDB keeps it
    SchemaContent content;
    std::optional<KeptEntry> kept = {};  // where TimescaleDB keeps it

    [[nodiscard]] std::vector<std::string> files() const;
};

inline constexpr int version_factor = 10'000;  // between server_version and the major one

// A database in PostgreSQL: all its schemas are from one snapshot.
struct DatabaseEntry {
    std::string address;     // without password
    int server_version = 0;  // 150018
    std::string server_version_text;
    std::string program;   // "15.18", of pg_dump
    std::string taken_at;  // of the snapshot
    std::vector<std::string> extensions;
    std::vector<SchemaEntry> schemas;
};

// The register of tenants and the OAuth clients that are valid for all of them.
struct RegisterEntry {
    std::string file;
    std::int64_t tenants = 0;
    std::int64_t clients = 0;
};

struct KeysEntry {
    std::string file;
    std::string address;
    std::string server_version;
    std::string name_space;  // with its colon; keys in the file stand without it
    std::int64_t keys = 0;
    std::int64_t with_expiry = 0;
    std::string digest;  // of all keys, values and expiries, whatever their order
    std::string began_at, ended_at;
    // Writes that the server counted while it was walked; -1 where that is not known. With 0 the keys are
    // those of one moment.
    std::int64_t writes_meanwhile = -1;
    std::vector<std::pair<std::string, std::int64_t>> layouts;  // "ns:devices" -> 1
};

// What an archive holds. Written last: a folder without one holds no backup.
struct Manifest {
    std::string id;  // 32 hex digits
    std::string program;
    std::string begun_at, ended_at;
    std::string tenant_id;                   // of an archive of one tenant; empty: the whole deployment
    std::string default_tenant;              // its ID there
    std::vector<std::string> other_tenants;  // whose schemas and name spaces are apart from the default one's
    std::vector<DatabaseEntry> databases;
    std::optional<RegisterEntry> tenant_register;
    std::optional<KeysEntry> redis;
    std::vector<std::string> left_out;
    std::optional<KeyDerivation> encryption;
    std::vector<FileEntry> files;

    [[nodiscard]] const FileEntry* file(std::string_view name) const;
};

nlohmann::json to_json(const Manifest& manifest);
// A failure says what is missing or wrong.
Expected<Manifest> parse_manifest(const nlohmann::json& data);

}  // namespace tti::backup
