#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "lorawan/eui.hpp"
#include "util/spool.hpp"

namespace tti::join_server {

// The EUIs by which a device joins.
struct EuiPair {
    lorawan::Eui64 join_eui;
    lorawan::Eui64 dev_eui;
    auto operator<=>(const EuiPair&) const = default;
};
std::string text(const EuiPair& pair);  // "JOINEUI:DEVEUI", as in keys

// The session keys of one pair, by their IDs as texts: oldest first, each once.
struct PairKeys {
    EuiPair pair;
    std::span<const std::string_view> ids;
    bool listed = false;      // a list of them was met
    bool has_device = false;  // an end device was met
};

// Groups the session keys of a database by pair, in bounded memory whatever their number: those of one device
// are scattered over the whole key space.
class SessionKeys {
  public:
    // `expected` is about how many there will be.
    explicit SessionKeys(std::int64_t expected);
    void add(const EuiPair& pair, std::string_view id);
    void add_list(const EuiPair& pair);
    void add_device(const EuiPair& pair);
    // Calls `each` with the pairs of one partition after the other, always in the same order: those that have
    // session keys or a list. The spans live as long as the call.
    void for_each(const std::function<void(std::span<const PairKeys>)>& each) const;

  private:
    // `id`: of a session key, or a mark in its place.
    void append(const EuiPair& pair, std::string_view id);

    util::Spool spool_;
};

}  // namespace tti::join_server
