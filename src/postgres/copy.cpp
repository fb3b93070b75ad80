#include <exception>

#include <poll.h>

#include "postgres/connection_implementation.hpp"

namespace tti::postgres {
namespace {

// One message of the protocol holds about this much.
constexpr std::size_t chunk_size = std::size_t{256} * 1024;

using CopyBuffer = std::unique_ptr<char, decltype(&PQfreemem)>;

// Sends the statement and throws unless the server answers with the expected COPY state.
void start_copy(Wire& wire, std::string_view sql, ExecStatusType expected) {
    wire.begin();
    wire.sent(PQsendQuery(wire.get(), std::string(sql).c_str()));
    Result answer = wire.next();
    if (PQresultStatus(answer.get()) == expected) {
        return;
    }
    if (Wire::failed(answer)) {
        wire.keep(std::move(answer));
        wire.finish();
    }
    wire.close();
    throw std::logic_error(wire.context() + ": this is not the COPY statement that was expected");
}

// One row; empty at the end.
std::string_view next_row(Wire& wire, CopyBuffer& buffer) {
    while (true) {
        char* raw = nullptr;
        const int length = PQgetCopyData(wire.get(), &raw, 1);
        buffer.reset(raw);
        if (length > 0) {
            return {raw, static_cast<std::size_t>(length)};
        }
        if (length < 0) {
            return {};
        }
        wire.wait(POLLIN);
    }
}

void put(Wire& wire, std::string_view bytes) {
    while (!bytes.empty() && !wire.cancelling()) {
        const std::string_view chunk = bytes.substr(0, chunk_size);
        const int taken = PQputCopyData(wire.get(), chunk.data(), static_cast<int>(chunk.size()));
        if (taken < 0) {
            wire.lost();
        }
        if (taken == 1) {
            bytes.remove_prefix(chunk.size());
        }
        if (!wire.flush()) {
            wire.wait(POLLIN | POLLOUT);
        }
    }
}

void produce_all(Wire& wire, const std::function<bool(std::string&)>& produce) {
    std::string buffer;
    bool more = true;
    while (more && !wire.cancelling()) {
        more = produce(buffer);
        if (!more || buffer.size() >= chunk_size) {
            put(wire, buffer);
            buffer.clear();
            wire.look_for_stop();
        }
    }
}

// A reason makes the server give up the COPY.
void end_copy_in(Wire& wire, const char* reason) {
    while (true) {
        const int taken = PQputCopyEnd(wire.get(), reason);
        if (taken < 0) {
            wire.lost();
        }
        if (taken == 1) {
            return;
        }
        wire.wait(POLLIN | POLLOUT);
    }
}

}  // namespace

std::int64_t Connection::copy_out(std::string_view sql, const std::function<void(std::string_view)>& row) {
    Wire& wire = implementation_->wire;
    start_copy(wire, sql, PGRES_COPY_OUT);
    std::exception_ptr failure;
    CopyBuffer buffer(nullptr, &PQfreemem);
    bool skipped = false;
    for (std::string_view line = next_row(wire, buffer); !line.empty(); line = next_row(wire, buffer)) {
        skipped = skipped || failure || wire.cancelling();
        if (skipped) {
            continue;
        }
        try {
            row(line);
        } catch (...) {
            failure = std::current_exception();
            wire.cancel();
        }
    }
    try {
        const Result result = wire.finish();
        if (!failure && !skipped) {
            return result.affected();
        }
    } catch (const InterruptedError&) {
        if (!failure) {
            throw;
        }
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    util::throw_stopped();
}

std::int64_t Connection::copy_in(std::string_view sql, const std::function<bool(std::string&)>& produce) {
    Wire& wire = implementation_->wire;
    start_copy(wire, sql, PGRES_COPY_IN);
    std::exception_ptr failure;
    try {
        produce_all(wire, produce);
    } catch (const ConnectionError&) {
        throw;
    } catch (...) {
        failure = std::current_exception();
    }
    const bool given_up = failure || wire.cancelling();
    end_copy_in(wire, given_up ? "given up by the client" : nullptr);
    if (!given_up) {
        return wire.finish().affected();
    }
    try {
        wire.finish();
    } catch (const ServerError&) {
        // The refusal that was asked for.
    } catch (const InterruptedError&) {
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    util::throw_stopped();
}

}  // namespace tti::postgres
