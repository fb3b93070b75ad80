#include "redis/commands.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <openssl/crypto.h>

#include "util/text.hpp"

namespace tti::redis {
namespace {

constexpr std::string_view line_end = "\r\n";

// Commands whose second word says what is done.
constexpr std::array<std::string_view, 16> containers{
    "ACL",    "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DEBUG",    "FUNCTION", "LATENCY",
    "MEMORY", "MODULE", "OBJECT",  "PUBSUB",  "SCRIPT", "SENTINEL", "XGROUP",   "XINFO"};

void append_header(std::string& bytes, char kind, std::size_t number) {
    std::array<char, 24> digits{};
    digits[0] = kind;
    const auto result = std::to_chars(digits.data() + 1, digits.data() + digits.size(), number);
    bytes.append(digits.data(), result.ptr).append(line_end);
}

std::string name_of(std::span<const std::string_view> words) {
    std::string name = words.empty() ? std::string() : util::upper(words[0]);
    if (words.size() > 1 && std::ranges::find(containers, name) != containers.end()) {
        name += " " + util::upper(words[1]);
    }
    return name;
}

}  // namespace

void Commands::add(std::span<const std::string_view> words) {
    append_header(bytes_, '*', words.size());
    for (const std::string_view word : words) {
        append_header(bytes_, '$', word.size());
        bytes_.append(word).append(line_end);
    }
    names_.push_back(name_of(words));
}

void Commands::add_list(std::initializer_list<std::string_view> head, std::span<const std::string> rest) {
    words_.assign(head.begin(), head.end());
    words_.insert(words_.end(), rest.begin(), rest.end());
    add(words_);
}

void Commands::clear() {
    bytes_.clear();
    names_.clear();
}

void Commands::wipe() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    clear();
}

}  // namespace tti::redis
