#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tti::doctor {

enum class Severity : std::uint8_t {
    note,     // worth knowing; nothing has to be done
    warning,  // goes wrong under load, in a crash, or for some
    error,    // is wrong now
};
std::string_view describe(Severity severity);

// What takes a finding away.
struct Mend {
    enum class Way : std::uint8_t {
        command,    // a line for the shell
        statement,  // SQL, for psql
        redis,      // words for redis-cli
        setting,    // a sentence: what to set or to do
    };
    Way way = Way::setting;
    std::string text;
    std::string remark = {};  // a sentence; empty where the text says it all

    bool operator==(const Mend&) const = default;
};
std::string_view describe(Mend::Way way);

inline Mend command(std::string text, std::string remark = {}) {
    return {Mend::Way::command, std::move(text), std::move(remark)};
}
inline Mend statement(std::string text, std::string remark = {}) {
    return {Mend::Way::statement, std::move(text), std::move(remark)};
}
inline Mend redis_words(std::string text, std::string remark = {}) {
    return {Mend::Way::redis, std::move(text), std::move(remark)};
}
inline Mend setting(std::string text, std::string remark = {}) {
    return {Mend::Way::setting, std::move(text), std::move(remark)};
}

// Never holds a secret.
struct Finding {
    Severity severity = Severity::note;
    std::string problem;   // a sentence: what is wrong, and what comes of it
    std::string evidence;  // what was seen, with its value
    Mend mend;

    bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

inline void append(Findings& to, Findings more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace tti::doctor
