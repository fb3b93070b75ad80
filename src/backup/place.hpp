#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backup/stream.hpp"

namespace tti::backup {

// Where an archive's files lie: a folder, or whatever else keeps named bytes. Names are plain: letters,
// digits, dots, hyphens and underscores.
class Place {
  public:
    Place() = default;
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    virtual ~Place() = default;

    // As messages name it.
    [[nodiscard]] virtual std::string display() const = 0;
    // What is there, in any order; nothing where the place itself is not there yet.
    virtual std::vector<std::string> names() = 0;

    // Makes the place, for its owner alone, and keeps other writers off until the end of this object, as far
    // as it can. Throws LockedError, or RefusedError where it cannot be made.
    virtual void open_for_writing() = 0;
    // The file appears under its name, whole and durable, when finish() returns; it takes the place of
    // another.
    virtual std::unique_ptr<Sink> create(const std::string& name) = 0;
    // Throws UsageError where there is none.
    virtual std::unique_ptr<Source> open(const std::string& name) = 0;
    virtual void remove(const std::string& name) = 0;
};

}  // namespace tti::backup
