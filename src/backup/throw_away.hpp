#pragma once

#include <filesystem>
#include <string>

#include "local/layout.hpp"
#include "local/record.hpp"
#include "postgres/uri.hpp"
#include "redis/target.hpp"
#include "settings/resolve.hpp"
#include "util/stop.hpp"

namespace tti::backup {

// A private PostgreSQL and Redis in a temporary folder (TMPDIR), gone with this object. A process that is
// killed leaves both behind, in a folder "tti-verify-…"; the next one ends and removes what no process holds
// the lock of.
class ThrowAwayDeployment {
  public:
    ThrowAwayDeployment(const settings::Surroundings& surroundings, util::Stop& stop);
    ThrowAwayDeployment(const ThrowAwayDeployment&) = delete;
    ThrowAwayDeployment& operator=(const ThrowAwayDeployment&) = delete;
    ~ThrowAwayDeployment();

    // Makes an empty database of that name.
    postgres::Uri create_database(const std::string& name);
    [[nodiscard]] redis::Target redis() const;

  private:
    [[nodiscard]] postgres::Uri uri(std::string_view database) const;

    // A new folder, locked while it is used.
    class Folder {
      public:
        explicit Folder(const std::filesystem::path& above);
        Folder(const Folder&) = delete;
        Folder& operator=(const Folder&) = delete;
        ~Folder();
        [[nodiscard]] const std::filesystem::path& path() const { return path_; }

      private:
        std::filesystem::path path_;
        int lock_ = -1;
    };

    Folder folder_;
    const settings::Surroundings& surroundings_;  // outlives this
    util::Stop& stop_;
    local::Site site_;
    local::Record record_;
};

}  // namespace tti::backup
