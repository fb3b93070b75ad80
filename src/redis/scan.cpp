#include "redis/scan.hpp"

#include <optional>
#include <utility>

namespace tti::redis {

std::string escape_glob(std::string_view text) {
    constexpr std::string_view special = "*?[]^-\\";
    std::string escaped;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) {
            escaped += '\\';
        }
        escaped += c;
    }
    return escaped;
}

Scan::Scan(Connection& connection, ScanOptions options)
    : connection_(connection),
      options_(std::move(options)),
      cursor_(options_.cursor),
      run_id_(connection.server().run_id) {}

bool Scan::next(std::vector<std::string>& keys) {
    keys.clear();
    if (finished_) {
        return false;
    }
    std::optional<Reply> reply;
    connection_.repeat([&] {
        reply = request();
        // The connection was made again meanwhile: the cursor meant a place in another process.
        while (connection_.server().run_id != run_id_) {
            run_id_ = connection_.server().run_id;
            cursor_ = "0";
            reply = request();
        }
    });
    cursor_ = reply->view()[0].text();
    finished_ = cursor_ == "0";
    if (!finished_) {
        send_ahead();
    }
    const ReplyView page = reply->view()[1];
    keys.reserve(page.size());
    for (std::size_t i = 0; i < page.size(); ++i) {
        keys.emplace_back(page[i].text());
    }
    return true;
}

// The page that was sent for, or, where that was lost, asked for now.
Reply Scan::request() {
    if (!ahead_) {
        return connection_.single(command());
    }
    const auto ahead = std::exchange(ahead_, nullptr);
    return connection_.receive_single(ahead);
}

void Scan::send_ahead() {
    try {
        ahead_ = connection_.send(command());
    } catch (const ConnectionError&) {
        ahead_ = nullptr;  // the next call makes the connection again
    }
}

Commands Scan::command() const {
    const std::string count = std::to_string(options_.count);
    std::vector<std::string_view> words{"SCAN", cursor_, "COUNT", count};
    if (!options_.match.empty()) {
        words.insert(words.end(), {"MATCH", options_.match});
    }
    if (!options_.type.empty()) {
        words.insert(words.end(), {"TYPE", options_.type});
    }
    Commands command;
    command.add(words);
    return command;
}

}  // namespace tti::redis
