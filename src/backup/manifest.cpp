#include "backup/manifest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "util/base64.hpp"

namespace tti::backup {
namespace {

using nlohmann::json;

json table_json(const TableContent& table) {
    return {{"table", table.name}, {"rows", table.rows}, {"digest", table.digest}};
}

json schema_json(const SchemaEntry& entry) {
    json data{
        {"component", entry.component},         {"schema", entry.schema},         {"file", entry.file},
        {"catalogue", entry.content.catalogue}, {"layout", entry.content.layout}, {"tables", json::array()}};
    if (!entry.tenant_id.empty()) data["tenant_id"] = entry.tenant_id;
    if (entry.kept) data["timescaledb"] = to_json(*entry.kept);
    for (const auto& table : entry.content.tables) data["tables"].push_back(table_json(table));
    return data;
}

json database_json(const DatabaseEntry& entry) {
    json data{{"address", entry.address},
              {"server_version", entry.server_version_text},
              {"server_version_number", entry.server_version},
              {"pg_dump", entry.program},
              {"taken_at", entry.taken_at},
              {"extensions", entry.extensions},
              {"schemas", json::array()}};
    for (const auto& schema : entry.schemas) data["schemas"].push_back(schema_json(schema));
    return data;
}

json keys_json(const KeysEntry& entry) {
    json data{{"file", entry.file},
              {"address", entry.address},
              {"server_version", entry.server_version},
              {"name_space", entry.name_space},
              {"keys", entry.keys},
              {"with_expiry", entry.with_expiry},
              {"digest", entry.digest},
              {"began_at", entry.began_at},
              {"ended_at", entry.ended_at},
              {"writes_meanwhile", nullptr},
              {"layouts", json::object()}};
    if (entry.writes_meanwhile >= 0) data["writes_meanwhile"] = entry.writes_meanwhile;
    for (const auto& [name, version] : entry.layouts) data["layouts"][name] = version;
    return data;
}

json encryption_json(const KeyDerivation& derivation) {
    return {{"cipher", "AES-256-GCM"},
            {"chunk_bytes", chunk_bytes},
            {"key_derivation", "scrypt"},
            {"n", derivation.cost},
            {"r", derivation.blocks},
            {"p", derivation.parallel},
            {"salt", util::base64(derivation.salt)},
            {"check", util::base64(derivation.check)}};
}

// The readers below throw json::exception for what is missing or of another type.

TableContent read_table(const json& data) {
    return {data.at("table"), data.at("rows"), data.at("digest")};
}

SchemaEntry read_schema(const json& data) {
    SchemaEntry entry{data.at("component"),
                      data.at("schema"),
                      data.value("tenant_id", ""),
                      data.at("file"),
                      {data.at("catalogue"), data.at("layout"), {}}};
    for (const auto& table : data.at("tables")) entry.content.tables.push_back(read_table(table));
    if (data.contains("timescaledb")) entry.kept = read_kept(data.at("timescaledb"), entry.schema);
    return entry;
}

DatabaseEntry read_database(const json& data) {
    DatabaseEntry entry{data.at("address"),
                        data.at("server_version_number"),
                        data.at("server_version"),
                        data.at("pg_dump"),
                        data.at("taken_at"),
                        data.at("extensions"),
                        {}};
    for (const auto& schema : data.at("schemas")) entry.schemas.push_back(read_schema(schema));
    return entry;
}

KeysEntry read_keys(const json& data) {
    KeysEntry entry{.file = data.at("file"),
                    .address = data.at("address"),
                    .server_version = data.at("server_version"),
                    .name_space = data.at("name_space"),
                    .keys = data.at("keys"),
                    .with_expiry = data.at("with_expiry"),
                    .digest = data.at("digest"),
                    .began_at = data.at("began_at"),
                    .ended_at = data.at("ended_at")};
    const auto& writes = data.at("writes_meanwhile");
    if (!writes.is_null()) entry.writes_meanwhile = writes;
    for (const auto& [name, version] : data.at("layouts").items()) entry.layouts.emplace_back(name, version);
    return entry;
}

std::string binary(const json& data) {
    return util::parse_base64(data.get<std::string>()).value_or("");
}

KeyDerivation read_encryption(const json& data) {
    return {data.at("n"), data.at("r"), data.at("p"), binary(data.at("salt")), binary(data.at("check"))};
}

Manifest read(const json& data) {
    Manifest manifest{.id = data.at("id"),
                      .program = data.at("program"),
                      .begun_at = data.at("begun_at"),
                      .ended_at = data.at("ended_at"),
                      .tenant_id = data.value("tenant_id", ""),
                      .default_tenant = data.at("default_tenant"),
                      .other_tenants = data.at("other_tenants"),
                      .left_out = data.at("left_out")};
    for (const auto& database : data.at("databases")) manifest.databases.push_back(read_database(database));
    if (data.contains("register")) {
        const auto& entry = data.at("register");
        manifest.tenant_register = {entry.at("file"), entry.at("tenants"), entry.at("clients")};
    }
    if (data.contains("redis")) manifest.redis = read_keys(data.at("redis"));
    if (data.contains("encryption")) manifest.encryption = read_encryption(data.at("encryption"));
    for (const auto& file : data.at("files")) {
        manifest.files.push_back({file.at("name"), file.at("size"), file.at("sha256")});
    }
    return manifest;
}

// Names lead to files beside the manifest and nowhere else.
bool is_plain(std::string_view name) {
    constexpr std::string_view accepted = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return !name.empty() && !name.starts_with('.') &&
           name.find_first_not_of(accepted) == std::string_view::npos;
}

bool has_kept(const Manifest& manifest) {
    return std::ranges::any_of(manifest.databases, [](const auto& database) {
        return std::ranges::any_of(database.schemas,
                                   [](const auto& entry) { return entry.kept.has_value(); });
    });
}

std::vector<std::string> named_files(const Manifest& manifest) {
    std::vector<std::string> names;
    for (const auto& database : manifest.databases) {
        for (const auto& schema : database.schemas) {
            const auto files = schema.files();
            names.insert(names.end(), files.begin(), files.end());
        }
    }
    if (manifest.tenant_register) names.push_back(manifest.tenant_register->file);
    if (manifest.redis) names.push_back(manifest.redis->file);
    return names;
}

}  // namespace

std::vector<std::string> SchemaEntry::files() const {
    return kept ? kept->files : std::vector{file};
}

const FileEntry* Manifest::file(std::string_view name) const {
    const auto found = std::ranges::find(files, name, &FileEntry::name);
    return found == files.end() ? nullptr : &*found;
}

json to_json(const Manifest& manifest) {
    json data{{"format", manifest_format},
              {"version", has_kept(manifest) ? manifest_version : 1},
              {"id", manifest.id},
              {"program", manifest.program},
              {"begun_at", manifest.begun_at},
              {"ended_at", manifest.ended_at},
              {"default_tenant", manifest.default_tenant},
              {"other_tenants", manifest.other_tenants},
              {"databases", json::array()},
              {"left_out", manifest.left_out},
              {"files", json::array()}};
    if (!manifest.tenant_id.empty()) data["tenant_id"] = manifest.tenant_id;
    for (const auto& database : manifest.databases) data["databases"].push_back(database_json(database));
    if (manifest.tenant_register) {
        data["register"] = {{"file", manifest.tenant_register->file},
                            {"tenants", manifest.tenant_register->tenants},
                            {"clients", manifest.tenant_register->clients}};
    }
    if (manifest.redis) data["redis"] = keys_json(*manifest.redis);
    if (manifest.encryption) data["encryption"] = encryption_json(*manifest.encryption);
    for (const auto& file : manifest.files) {
        data["files"].push_back({{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
    }
    return data;
}

Expected<Manifest> parse_manifest(const json& data) {
    try {
        if (data.at("format") != manifest_format) return unexpected("it is of another format");
        const auto& version = data.at("version");
        if (!version.is_number_integer() || version < 1 || version > manifest_version) {
            return unexpected(fmt::format("it is of version {}, and this build reads those up to {}",
                                          data.at("version").dump(), manifest_version));
        }
        auto manifest = read(data);
        for (const auto& name : named_files(manifest)) {
            if (manifest.file(name) == nullptr || !is_plain(name)) {
                return unexpected(fmt::format("it has no entry for the file \"{}\"", name));
            }
        }
        return manifest;
    } catch (const json::exception& error) {
        return unexpected(fmt::format("it cannot be read ({})", error.what()));
    }
}

}  // namespace tti::backup
