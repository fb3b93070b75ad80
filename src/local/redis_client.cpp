#include "local/redis_client.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "local/unix_socket.hpp"

namespace tti::local {
namespace {

constexpr std::string_view line_end = "\r\n";
// The length of a bulk reply that is no text at all.
constexpr std::int64_t nothing = -1;

}  // namespace

RedisClient::RedisClient(const std::filesystem::path& socket)
    : socket_(connect_unix(socket)), problem_(socket_ < 0 ? std::strerror(errno) : "") {
    const timeval limit{2, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

RedisClient::~RedisClient() {
    if (socket_ >= 0) {
        close(socket_);
    }
}

Expected<std::string> RedisClient::command(std::initializer_list<std::string_view> words) {
    std::string request = fmt::format("*{}{}", words.size(), line_end);
    for (const auto word : words) {
        request += fmt::format("${}{}{}{}", word.size(), line_end, word, line_end);
    }
    if (socket_ < 0 || send(socket_, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        return unexpected(socket_ < 0 ? problem_ : std::strerror(errno));
    }
    auto line = read_line();
    if (!line || line->empty()) {
        return unexpected(line ? "it sent an empty line" : line.error());
    }
    const std::string rest = line->substr(1);
    switch (line->front()) {
        case '+':
        case ':':
            return rest;
        case '$': {
            std::int64_t size = nothing;
            std::from_chars(rest.data(), rest.data() + rest.size(), size);
            return size < 0 ? std::string() : read_bytes(static_cast<std::size_t>(size));
        }
        default:
            return unexpected(rest);
    }
}

Expected<std::string> RedisClient::read_line() {
    std::size_t end = 0;
    while ((end = received_.find(line_end)) == std::string::npos) {
        if (!receive()) {
            return unexpected(problem_);
        }
    }
    auto line = received_.substr(0, end);
    received_.erase(0, end + line_end.size());
    return line;
}

Expected<std::string> RedisClient::read_bytes(std::size_t size) {
    while (received_.size() < size + line_end.size()) {
        if (!receive()) {
            return unexpected(problem_);
        }
    }
    auto text = received_.substr(0, size);
    received_.erase(0, size + line_end.size());
    return text;
}

bool RedisClient::receive() {
    std::array<char, 4096> buffer{};
    const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
        problem_ = size == 0 ? "it closed the connection" : std::strerror(errno);
        return false;
    }
    received_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

}  // namespace tti::local
