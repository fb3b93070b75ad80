#include <charconv>

#include <fmt/format.h>

#include "settings/value.hpp"

namespace tti::settings {
namespace {

using std::chrono::microseconds;

constexpr std::string_view accepted =
    "accepted: a time such as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00";

// Reads the parts of a text of fixed columns; after one failure every further answer is meaningless, and
// failed() says so.
class Columns {
  public:
    explicit Columns(std::string_view text) : text_(text) {}

    int number(std::size_t digits, int lowest, int highest) {
        int value = 0;
        const std::string_view part = text_.substr(0, digits);
        for (const char digit : part) {
            failed_ = failed_ || digit < '0' || digit > '9';
            value = value * 10 + (digit - '0');
        }
        failed_ = failed_ || part.size() != digits || value < lowest || value > highest;
        text_.remove_prefix(part.size());
        return value;
    }

    bool accept(char character) {
        if (!text_.starts_with(character)) return false;
        text_.remove_prefix(1);
        return true;
    }

    void expect(char character) { failed_ = !accept(character) || failed_; }

    // Digits after a point, at least one; cut off after microseconds.
    microseconds fraction() {
        std::int64_t value = 0;
        std::int64_t worth = 100'000;
        failed_ = failed_ || text_.empty() || text_.front() < '0' || text_.front() > '9';
        for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; text_.remove_prefix(1)) {
            value += worth * (text_.front() - '0');
            worth /= 10;
        }
        return microseconds{value};
    }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool finished() const { return text_.empty(); }

  private:
    std::string_view text_;
    bool failed_ = false;
};

std::chrono::year_month_day read_date(Columns& columns) {
    const int year = columns.number(4, 0, 9999);
    columns.expect('-');
    const int month = columns.number(2, 1, 12);
    columns.expect('-');
    const int day = columns.number(2, 1, 31);
    return {std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
            std::chrono::day{static_cast<unsigned>(day)}};
}

microseconds read_clock(Columns& columns) {
    const std::chrono::hours hours{columns.number(2, 0, 23)};
    columns.expect(':');
    const std::chrono::minutes minutes{columns.number(2, 0, 59)};
    columns.expect(':');
    const std::chrono::seconds seconds{columns.number(2, 0, 59)};
    return hours + minutes + seconds + (columns.accept('.') ? columns.fraction() : microseconds{0});
}

std::chrono::minutes read_offset(Columns& columns) {
    if (columns.accept('Z')) return std::chrono::minutes{0};
    const bool west = columns.accept('-');
    if (!west) columns.expect('+');
    const std::chrono::hours hours{columns.number(2, 0, 23)};
    columns.expect(':');
    const std::chrono::minutes offset = hours + std::chrono::minutes{columns.number(2, 0, 59)};
    return west ? -offset : offset;
}

}  // namespace

Expected<Time> parse_time(std::string_view text) {
    Columns columns{text};
    const std::chrono::year_month_day date = read_date(columns);
    columns.expect('T');
    const microseconds clock = read_clock(columns);
    const std::chrono::minutes offset = read_offset(columns);
    if (columns.failed() || !columns.finished() || !date.ok()) return unexpected(std::string{accepted});
    return Time{std::chrono::sys_days{date} + clock - offset};
}

std::string format_time(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) text += fmt::format(".{:06}", clock.subseconds().count());
    return text + 'Z';
}

}  // namespace tti::settings
