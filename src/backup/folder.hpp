#pragma once

#include <filesystem>

#include "backup/place.hpp"

namespace tti::backup {

// A folder (mode 0700) with files (0600). Each is written beside its name, synced and renamed.
class Folder final : public Place {
  public:
    explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() override;

    [[nodiscard]] std::string display() const override { return path_.string(); }
    std::vector<std::string> names() override;
    void open_for_writing() override;
    std::unique_ptr<Sink> create(const std::string& name) override;
    std::unique_ptr<Source> open(const std::string& name) override;
    void remove(const std::string& name) override;

  private:
    std::filesystem::path path_;
    int lock_ = -1;  // of the folder itself
};

}  // namespace tti::backup
