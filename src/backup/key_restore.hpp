#pragma once

#include <functional>
#include <string>

#include "backup/archive.hpp"
#include "backup/key_digest.hpp"
#include "backup/key_reader.hpp"
#include "operation/runner.hpp"

namespace tti::backup {

// The keys of an archive that are in a scope, and the server that they go to. While it fills the server, a
// mark there says from which archive, so that a run that was ended is told from somebody's data.
class KeyRestore {
  public:
    KeyRestore(redis::Connection& connection, KeyPlace place, ArchiveReader& archive,
               std::function<void()> before_writes)
        : connection_(connection),
          place_(std::move(place)),
          archive_(archive),
          before_writes_(std::move(before_writes)) {}

    enum class Found {
        nothing,
        begun,      // by an earlier run of this archive, which was ended
        clearing,   // the same, while it removed what was there
        identical,  // all keys of the archive that have not expired, and no others
        others,
    };
    // Reads both sides where there is anything.
    Found look();

    // Puts the keys there; `clears` removes what is there first.
    void run(bool clears, operation::StepContext& context);

    // False where another version of Redis writes values in another form: `identical` then says nothing of
    // them.
    [[nodiscard]] bool values_compare() const;
    [[nodiscard]] std::int64_t restored() const { return restored_; }
    [[nodiscard]] std::int64_t expired() const { return expired_; }
    [[nodiscard]] const KeyPlace& place() const { return place_; }

  private:
    [[nodiscard]] std::string mark() const { return place_.name_space + place_.scope.restore_mark(); }
    [[nodiscard]] std::string read_mark();
    void set_mark(std::string_view state);
    void count(DistinctKeys& keys, const ArchivedKey& key, std::int64_t expiring_after) const;
    [[nodiscard]] KeySum sum_of_server(std::int64_t expiring_after);
    [[nodiscard]] KeySum sum_of_archive(std::int64_t expiring_after);
    void each_key(const std::function<void(const ArchivedKey&)>& work);
    void clear(operation::StepContext& context);
    void fill(operation::StepContext& context);

    redis::Connection& connection_;
    KeyPlace place_;
    ArchiveReader& archive_;
    std::function<void()> before_writes_;
    std::int64_t restored_ = 0;
    std::int64_t expired_ = 0;
};

}  // namespace tti::backup
