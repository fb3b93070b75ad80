#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "postgres/cancel_request.hpp"
#include "postgres/result.hpp"
#include "util/stop.hpp"

namespace tti::postgres {

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;

// libpq's connection with waits that never block elsewhere. Each use is bracketed by begin() and end(). When
// an end is asked for meanwhile, the server is told to cancel, cancelling() turns true, and the use goes on
// until the server has answered.
class Wire {
  public:
    Wire(Handle handle, std::string context, util::Stop& stop);
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire() = default;

    [[nodiscard]] PGconn* get() const { return handle_.get(); }
    [[nodiscard]] const std::string& context() const { return context_; }

    // Throws InterruptedError when an end was asked for already.
    void begin();
    // As begin(), for cleaning up: an end asked for is not looked at, and the server has a few seconds.
    void begin_unstoppable();
    // Waits for a cancel request under way, so that it cannot hit the next statement.
    void end();
    // Tells the server to cancel what runs.
    void cancel();
    // Where data flows without a wait.
    void look_for_stop() { check_limits(); }
    [[nodiscard]] bool cancelling() const { return cancel_.has_value(); }

    // Throws when libpq could not take what was to be sent; to wrap its PQsend… functions.
    void sent(int success);
    // Waits until the socket is ready for one of the poll events, and takes in what has come. Returns the
    // events that came.
    short wait(short events);
    // True when all is on its way; false when the socket takes no more now.
    bool flush();
    // The next result after everything was sent; a null one at the end of a statement.
    Result next();
    // Takes all results of one statement and ends the use: the last of them, or the exception of the first
    // failure.
    Result finish();

    [[nodiscard]] static bool failed(const Result& result);
    // Keeps the first failure of this use, which tells more than a connection lost after it.
    void keep(Result failure);
    [[nodiscard]] bool has_failure() const { return failure_.get() != nullptr; }
    // Throws what the kept failure, or the lost connection, asks for.
    [[noreturn]] void raise();
    [[noreturn]] void lost();
    void close() { handle_.reset(); }

    void on_notice(std::function<void(std::string_view)> handler) { notice_handler_ = std::move(handler); }
    // Called once per use that lasts longer than `after`.
    void on_slow(std::chrono::milliseconds after, std::function<void()> handler);

  private:
    using Clock = std::chrono::steady_clock;

    void start(bool stoppable);
    void check_limits();
    [[nodiscard]] int milliseconds_to_next_check() const;
    void deliver_notices();
    static void collect_notice(void* wire, const PGresult* notice);

    Handle handle_;
    std::string context_;
    util::Stop& stop_;
    bool stoppable_ = true;
    std::optional<CancelRequest> cancel_;
    Clock::time_point began_;
    Clock::time_point cancelled_;
    Result failure_{nullptr};
    std::vector<std::string> notices_;
    std::function<void(std::string_view)> notice_handler_;
    std::chrono::milliseconds slow_after_{0};
    std::function<void()> slow_handler_;
    bool slow_told_ = false;
};

}  // namespace tti::postgres
