#include "postgres/cancel_request.hpp"

#include <array>
#include <thread>

namespace tti::postgres {

CancelRequest::CancelRequest(PGconn* connection) {
    std::shared_ptr<PGcancel> cancel(PQgetCancel(connection), &PQfreeCancel);
    std::promise<void> promise;
    done_ = promise.get_future();
    std::thread([cancel = std::move(cancel), done = std::move(promise)]() mutable {
        std::array<char, 256> reason{};
        PQcancel(cancel.get(), reason.data(), static_cast<int>(reason.size()));
        done.set_value();
    }).detach();
}

bool CancelRequest::delivered(std::chrono::milliseconds limit) const {
    return done_.wait_for(limit) == std::future_status::ready;
}

}  // namespace tti::postgres
