#include "redis/scan.hpp"

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
    connection_.repeat([&] {
        Reply reply = request();
        // The connection was made again meanwhile: the cursor meant a place in another process.
        while (connection_.server().run_id != run_id_) {
            run_id_ = connection_.server().run_id;
            cursor_ = "0";
            reply = request();
        }
        const ReplyView page = reply.view()[1];
        keys.clear();
        keys.reserve(page.size());
        for (std::size_t i = 0; i < page.size(); ++i) {
            keys.emplace_back(page[i].text());
        }
        cursor_ = reply.view()[0].text();
    });
    finished_ = cursor_ == "0";
    return true;
}

Reply Scan::request() {
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
    return connection_.single(command);
}

}  // namespace tti::redis
