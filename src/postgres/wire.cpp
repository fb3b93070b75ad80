#include "postgres/wire.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <poll.h>

#include "postgres/diagnostics.hpp"
#include "postgres/error.hpp"
#include "postgres/one_line.hpp"

namespace tti::postgres {
namespace {

using std::chrono::milliseconds;

// How long the server has to answer a cancel request, or a clean-up, before the connection is given up.
constexpr milliseconds last_patience{5000};
// Without a deadline a wait looks around this often.
constexpr milliseconds look_around{1000};

// The first line says it; libpq's next ones guess at reasons.
[[noreturn]] void throw_lost(const std::string& context, const Diagnostics& diagnostics) {
    const std::string code =
        diagnostics.sqlstate.empty() ? std::string() : fmt::format(" (SQLSTATE {})", diagnostics.sqlstate);
    const std::string_view message = diagnostics.message;
    throw ConnectionError(fmt::format("{}: the connection was lost: {}{}", context,
                                      one_line(message.substr(0, message.find('\n'))), code),
                          "Run the same command again when the database server is back.");
}

}  // namespace

Wire::Wire(Handle handle, std::string context, util::Stop& stop)
    : handle_(std::move(handle)), context_(std::move(context)), stop_(stop) {
    PQsetnonblocking(handle_.get(), 1);
    PQsetNoticeReceiver(handle_.get(), &Wire::collect_notice, this);
}

void Wire::begin() {
    if (stop_.requested()) {
        util::throw_stopped();
    }
    start(true);
}

void Wire::begin_unstoppable() {
    start(false);
}

void Wire::start(bool stoppable) {
    if (!handle_ || PQstatus(handle_.get()) != CONNECTION_OK) {
        throw ConnectionError(fmt::format("{}: the connection to the database is closed", context_),
                              "Run the same command again.");
    }
    stoppable_ = stoppable;
    cancel_.reset();
    failure_ = Result(nullptr);
    slow_told_ = false;
    began_ = Clock::now();
}

void Wire::end() {
    if (cancel_ && !cancel_->delivered(last_patience)) {
        close();
    }
    deliver_notices();
}

void Wire::cancel() {
    cancel_.emplace(handle_.get());
    cancelled_ = Clock::now();
}

void Wire::sent(int success) {
    if (success != 1) {
        lost();
    }
}

void Wire::check_limits() {
    const Clock::time_point now = Clock::now();
    if (stoppable_ && !cancel_ && stop_.requested()) {
        cancel();
    }
    const bool exhausted =
        cancel_ ? now - cancelled_ > last_patience : !stoppable_ && now - began_ > last_patience;
    if (exhausted) {
        close();
        util::throw_stopped();
    }
    if (slow_handler_ && !slow_told_ && now - began_ >= slow_after_) {
        slow_told_ = true;
        slow_handler_();
    }
}

int Wire::milliseconds_to_next_check() const {
    milliseconds pause = look_around;
    if (slow_handler_ && !slow_told_) {
        pause = std::min(pause, std::chrono::ceil<milliseconds>(began_ + slow_after_ - Clock::now()));
    }
    return static_cast<int>(std::max(pause, milliseconds(0)).count());
}

short Wire::wait(short events) {
    while (true) {
        if (PQsocket(handle_.get()) < 0) {
            lost();
        }
        const bool watching = stoppable_ && !cancel_;
        std::array<pollfd, 2> waiting{pollfd{PQsocket(handle_.get()), events, 0},
                                      pollfd{watching ? stop_.descriptor() : -1, POLLIN, 0}};
        if (poll(waiting.data(), waiting.size(), milliseconds_to_next_check()) < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "poll");
        }
        check_limits();
        const short came = waiting[0].revents;
        if ((came & (POLLIN | POLLHUP | POLLERR)) != 0 && PQconsumeInput(handle_.get()) == 0) {
            lost();
        }
        if (came != 0) {
            return came;
        }
    }
}

bool Wire::flush() {
    const int state = PQflush(handle_.get());
    if (state < 0) {
        lost();
    }
    return state == 0;
}

Result Wire::next() {
    while (!flush()) {
        wait(POLLIN | POLLOUT);
    }
    while (PQisBusy(handle_.get()) == 1) {
        wait(POLLIN);
    }
    return Result(PQgetResult(handle_.get()));
}

bool Wire::failed(const Result& result) {
    const ExecStatusType status = PQresultStatus(result.get());
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR;
}

void Wire::keep(Result failure) {
    if (!has_failure()) {
        failure_ = std::move(failure);
    }
}

Result Wire::finish() {
    Result last(nullptr);
    for (Result result = next(); result.get() != nullptr; result = next()) {
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            close();
            throw std::logic_error(context_ + ": COPY needs copy_in or copy_out");
        }
        if (failed(result)) {
            keep(std::move(result));
        } else {
            last = std::move(result);
        }
    }
    end();
    if (has_failure()) {
        raise();
    }
    return last;
}

void Wire::raise() {
    Diagnostics diagnostics = diagnostics_of(failure_.get());
    if (cancelling() && (diagnostics.sqlstate == "57014" || diagnostics.sqlstate.empty())) {
        util::throw_stopped();
    }
    if (diagnostics.sqlstate.empty() || !handle_ || PQstatus(handle_.get()) != CONNECTION_OK) {
        throw_lost(context_, diagnostics);
    }
    throw_server_error(context_, std::move(diagnostics));
}

void Wire::lost() {
    // What the server said before it went, if anything, tells more than the broken socket.
    for (int i = 0; i < 3 && !has_failure(); ++i) {
        Result result(PQgetResult(handle_.get()));
        if (result.get() != nullptr && failed(result)) {
            keep(std::move(result));
        }
    }
    const std::string reason = PQerrorMessage(handle_.get());
    close();
    if (has_failure()) {
        raise();
    }
    throw_lost(context_, {.message = reason});
}

void Wire::on_slow(milliseconds after, std::function<void()> handler) {
    slow_after_ = after;
    slow_handler_ = std::move(handler);
}

void Wire::collect_notice(void* wire, const PGresult* notice) {
    const char* text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    auto* self = static_cast<Wire*>(wire);
    if (text != nullptr && self->notice_handler_) {
        self->notices_.emplace_back(text);
    }
}

// Not from libpq's callback, through whose frames an exception must not pass.
void Wire::deliver_notices() {
    const std::vector<std::string> notices = std::move(notices_);
    notices_.clear();
    for (const std::string& notice : notices) {
        notice_handler_(notice);
    }
}

}  // namespace tti::postgres
