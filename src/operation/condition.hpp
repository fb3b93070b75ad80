#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace tti::operation {

// What a server tells of its own backups. What is made outside of it (snapshots of a disk, of a cloud) no
// server knows.
struct Backups {
    std::string text;                   // a phrase; empty: the server does not tell
    nlohmann::json data = nullptr;      // what it goes by; null: the server does not tell
    std::vector<std::string> troubles;  // such as archiving that fails: a sentence each
};

// What "status" of every group of commands tells of its database under the same names, whatever else it
// tells: who looks at all databases reads it from there.
struct Condition {
    std::string server;                       // its version: "15.18"
    std::string database;                     // where it is, without password
    nlohmann::json version = nullptr;         // of the layout: on Redis a number, on PostgreSQL the last
                                              // migration's name; null: there is none yet
    nlohmann::json newest_version = nullptr;  // what this build brings it to
    std::vector<std::string> differences;     // from what the version says: a sentence each
    std::vector<std::string> troubles;        // of keeping what is stored: a sentence each
    std::string next;  // the command that mends it, "is-db migrate"; empty: none of ours
    Backups backups;
};

void add(nlohmann::json& data, const Condition& condition);
// What is missing is as in a new Condition.
Condition condition_of(const nlohmann::json& data);

}  // namespace tti::operation
