#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "identity_server/cleanup.hpp"
#include "identity_server/filled_database.hpp"
#include "identity_server/fixture.hpp"
#include "identity_server/migrate.hpp"

namespace tti::identity_server::test {

// A database with rows in every table, and a folder for undo files.
class Filled {
  public:
    static constexpr int expired = 12;
    static constexpr int recent = 3;
    static constexpr int live = 15;

    Filled() {
        database.must_run(migrate_command());
        database.execute(filled_database(expired, recent, live));
        std::string pattern = testing::TempDir() + "undo-XXXXXX";
        folder = ::mkdtemp(pattern.data());
    }
    Filled(const Filled&) = delete;
    Filled& operator=(const Filled&) = delete;
    ~Filled() { std::filesystem::remove_all(folder); }

    using Flags = std::vector<settings::FlagText>;
    [[nodiscard]] Flags flags(const Flags& more = {}) const {
        Flags all{{"yes", "true"}, {"undo-to", folder.string()}, {"batch", "5"}};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    [[nodiscard]] Outcome cleanup(const Flags& more = {}) const {
        return database.run(cleanup_command(), flags(more));
    }
    [[nodiscard]] Outcome restore(const std::filesystem::path& file, const Flags& more = {}) const {
        Flags all{{"from", file.string()}};
        all.insert(all.end(), more.begin(), more.end());
        return database.run(restore_command(), all);
    }
    [[nodiscard]] std::vector<std::filesystem::path> undo_files() const {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            files.push_back(entry.path());
        }
        return files;
    }

    // Of every row of every table; equal when these are.
    [[nodiscard]] std::string digest() const {
        std::string text;
        const auto tables = database.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "ORDER BY 1");
        for (std::size_t start = 0; start < tables.size(); start = tables.find('\n', start) + 1) {
            const auto table = tables.substr(start, tables.find('\n', start) - start);
            text += table + " " +
                    database.rows(fmt::format("SELECT count(*), md5(string_agg(t, '' ORDER BY t)) FROM"
                                              " (SELECT md5(d::text) AS t FROM {} d) x",
                                              table));
        }
        return text;
    }

    Database database;
    std::filesystem::path folder;
};

}  // namespace tti::identity_server::test
