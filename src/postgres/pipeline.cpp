#include <poll.h>

#include "postgres/connection_implementation.hpp"
#include "postgres/parameters.hpp"

namespace tti::postgres {
namespace {

// Sends and reads by turns: a client that only sends deadlocks with a server whose answers nobody takes.
class Pipeline {
  public:
    Pipeline(Wire& wire, std::span<const Statement> statements) : wire_(wire), statements_(statements) {}

    std::vector<Result> run() {
        wire_.begin();
        wire_.sent(PQenterPipelineMode(wire_.get()));
        while (!synchronized_) {
            const bool all_sent = send();
            if (!receive()) {
                wire_.wait(static_cast<short>(POLLIN | (all_sent ? 0 : POLLOUT)));
            }
        }
        wire_.sent(PQexitPipelineMode(wire_.get()));
        wire_.end();
        if (wire_.has_failure()) {
            wire_.raise();
        }
        return std::move(results_);
    }

  private:
    // How many statements are put into libpq's buffer before the socket is asked again.
    static constexpr std::size_t burst = 64;

    // Sends until the socket takes no more; true when nothing is left to send.
    bool send() {
        while (wire_.flush()) {
            if (sync_sent_) {
                return true;
            }
            send_burst();
        }
        return false;
    }

    void send_burst() {
        const std::size_t end = wire_.cancelling() ? sent_ : std::min(sent_ + burst, statements_.size());
        for (; sent_ < end; ++sent_) {
            wire_.sent(send_statement(wire_.get(), statements_[sent_]));
        }
        if (sent_ == statements_.size() || wire_.cancelling()) {
            wire_.sent(PQpipelineSync(wire_.get()));
            sync_sent_ = true;
        }
    }

    // Takes every result that is complete; false when there was none.
    bool receive() {
        bool any = false;
        while (!synchronized_ && open_results() && PQisBusy(wire_.get()) == 0) {
            take(Result(PQgetResult(wire_.get())));
            any = true;
        }
        return any;
    }

    // Without anything outstanding libpq answers with "no result", which would be taken for a statement's
    // end.
    [[nodiscard]] bool open_results() const { return sync_sent_ || ended_ < sent_; }

    void take(Result result) {
        if (result.get() == nullptr) {
            ++ended_;
        } else if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
            synchronized_ = true;
        } else if (Wire::failed(result)) {
            wire_.keep(std::move(result));
            if (PQstatus(wire_.get()) != CONNECTION_OK) {
                wire_.raise();
            }
        } else if (PQresultStatus(result.get()) != PGRES_PIPELINE_ABORTED) {
            results_.push_back(std::move(result));
        }
    }

    Wire& wire_;
    std::span<const Statement> statements_;
    std::vector<Result> results_;
    std::size_t sent_ = 0;
    std::size_t ended_ = 0;
    bool sync_sent_ = false;
    bool synchronized_ = false;
};

}  // namespace

std::vector<Result> Connection::pipeline(std::span<const Statement> statements) {
    return Pipeline(implementation_->wire, statements).run();
}

}  // namespace tti::postgres
