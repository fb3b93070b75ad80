#include "stale_records/uplink_queue.hpp"

#include <fmt/format.h>

#include "lorawan/identifiers.hpp"

namespace tti::stale_records {
namespace {

constexpr std::string_view page_size = "250";

std::optional<Remover::Entry> entry(redis::ReplyView reply, const Known& known) {
    Remover::Entry entry{.owner = {}, .id = std::string(reply[0].text()), .fields = {}};
    for (std::size_t place = 0; place < reply[1].size(); ++place) {
        entry.fields.emplace_back(reply[1][place].text());
        if (place % 2 == 1 && entry.fields[place - 1] == "uid") entry.owner = entry.fields[place];
    }
    const bool stale = lorawan::is_device_uid(entry.owner) && !known.devices.contains(entry.owner);
    return stale ? std::optional(std::move(entry)) : std::nullopt;
}

}  // namespace

void each_stale_entry(key_space::Session& session, const Known& known,
                      const std::function<void(std::span<const Remover::Entry>)>& entries) {
    auto& connection = session.connection();
    const auto key = session.keys().key(lorawan::KeyKind::ns_uplinks);
    const auto last = [&] {
        std::string id;
        connection.repeat([&] {
            if (connection.call("TYPE", key)->text() != "stream") return;
            const auto newest = connection.call("XREVRANGE", key, "+", "-", "COUNT", "1");
            if (newest->size() > 0) id = newest.view()[0][0].text();
        });
        return id;
    }();
    // What is added meanwhile is for another run, so that this one ends.
    std::string from = "-";
    for (bool more = !last.empty(); more;) {
        connection.repeat([&] {
            const auto page = connection.call("XRANGE", key, from, last, "COUNT", page_size);
            std::vector<Remover::Entry> stale;
            for (std::size_t place = 0; place < page->size(); ++place) {
                if (auto found = entry(page.view()[place], known)) stale.push_back(std::move(*found));
            }
            if (!stale.empty()) entries(stale);
            more = page->size() > 0;
            if (more) from = fmt::format("({}", page.view()[page->size() - 1][0].text());
        });
    }
}

}  // namespace tti::stale_records
