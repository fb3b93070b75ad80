#include "postgres/error.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "postgres/one_line.hpp"

namespace tti::postgres {
namespace {

// A failing row is shown as a whole by the server, password hashes included.
bool detail_may_be_shown(const Diagnostics& diagnostics) {
    return !diagnostics.detail.empty() && diagnostics.sqlstate != "23502" && diagnostics.sqlstate != "23514";
}

std::string sentence(const std::string& context, const Diagnostics& diagnostics) {
    std::string text =
        fmt::format("{}: {} (SQLSTATE {})", context, one_line(diagnostics.message), diagnostics.sqlstate);
    if (detail_may_be_shown(diagnostics)) {
        text += ": " + one_line(diagnostics.detail);
    }
    if (text.ends_with('.')) {
        text.pop_back();
    }
    return text;
}

struct Hint {
    std::string_view sqlstate;
    std::string_view text;
};

constexpr std::array hints{
    Hint{"42501", "Use the database user that owns the tables, or have it grant the missing right."},
    Hint{"25006", "Point the database URI to the primary, with a user that may write."},
    Hint{"53100", "Free disk space on the database server, then run the same command again."},
    Hint{"53200",
         "Wait until the database server has less to do, or give it more memory; then run the same command "
         "again."},
    Hint{"40P01", "Another session was in the way: run the same command again."},
    Hint{"40001", "Another session was in the way: run the same command again."},
    Hint{"55P03", "Wait for the session that holds the lock, or end it; then run the same command again."},
};
constexpr std::string_view other_hint =
    "The statement was undone. Run the same command again; when it fails the same way, please report it with "
    "everything that was printed.";

std::string hint_for(const Diagnostics& diagnostics) {
    if (!diagnostics.hint.empty()) {
        return one_line(diagnostics.hint);
    }
    const auto* const found = std::ranges::find(hints, diagnostics.sqlstate, &Hint::sqlstate);
    return std::string(found == hints.end() ? other_hint : found->text);
}

bool ends_the_session(std::string_view sqlstate) {
    return sqlstate == "57P01" || sqlstate == "57P02" || sqlstate == "57P03" || sqlstate.starts_with("08");
}

template <typename Type>
[[noreturn]] void raise(const std::string& context, const Diagnostics& diagnostics) {
    throw Type(context, diagnostics);
}

struct Kind {
    std::string_view sqlstate;
    void (*raise)(const std::string&, const Diagnostics&);
};

constexpr std::array kinds{
    Kind{"23505", &raise<UniqueViolation>},   Kind{"57014", &raise<QueryCanceled>},
    Kind{"42P01", &raise<UndefinedTable>},    Kind{"3F000", &raise<UndefinedSchema>},
    Kind{"25006", &raise<ReadOnlyViolation>}, Kind{"42501", &raise<InsufficientPrivilege>},
    Kind{"40P01", &raise<Deadlock>},          Kind{"40001", &raise<Deadlock>},
};

}  // namespace

ServerError::ServerError(const std::string& context, Diagnostics diagnostics, ExitCode code)
    : Error(code, sentence(context, diagnostics), hint_for(diagnostics)),
      diagnostics_(std::move(diagnostics)) {}

void throw_server_error(const std::string& context, Diagnostics diagnostics) {
    if (ends_the_session(diagnostics.sqlstate)) {
        throw ConnectionError(sentence(context, diagnostics),
                              "Run the same command again when the database server is back.");
    }
    if (diagnostics.sqlstate == "55P03") {
        throw LockTimeout(context, std::move(diagnostics), ExitCode::locked);
    }
    for (const Kind& kind : kinds) {
        if (kind.sqlstate == diagnostics.sqlstate) {
            kind.raise(context, diagnostics);
        }
    }
    throw ServerError(context, std::move(diagnostics));
}

}  // namespace tti::postgres
