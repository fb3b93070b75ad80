#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace tti::operation {

// What a bulk step could not do, record by record. A message names the first twenty; the rest is counted, so
// that a database full of trouble costs no memory.
class Failures {
  public:
    static constexpr std::size_t most_named = 20;

    // A record that is named already is not told again.
    void add(std::string_view record, std::string_view reason);
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] std::int64_t count() const { return count_; }
    void clear();

    // "app1.dev1: not base64; app1.dev2: …; and 3 more"
    [[nodiscard]] std::string text() const;
    // [{"record": "app1.dev1", "reason": "not base64"}, …], without those that are only counted.
    [[nodiscard]] nlohmann::json data() const;

  private:
    struct Failure {
        std::string record;
        std::string reason;
    };
    std::vector<Failure> named_;
    std::int64_t count_ = 0;
};

}  // namespace tti::operation
