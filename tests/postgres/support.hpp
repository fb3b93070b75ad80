#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include "postgres/connection.hpp"
#include "support/postgres_server.hpp"
#include "util/stop.hpp"

namespace tti::postgres {

// Becomes requested when told so, by another thread too.
class PipeStop final : public util::Stop {
  public:
    PipeStop() {
        if (pipe(ends_.data()) != 0) {
            throw std::runtime_error("no pipe");
        }
    }
    ~PipeStop() override {
        close(ends_[0]);
        close(ends_[1]);
    }
    void request() {
        if (write(ends_[1], "x", 1) != 1) {
            throw std::runtime_error("the pipe is broken");
        }
    }
    bool requested() override {
        pollfd waiting{ends_[0], POLLIN, 0};
        return poll(&waiting, 1, 0) == 1;
    }
    [[nodiscard]] int descriptor() const override { return ends_[0]; }

  private:
    std::array<int, 2> ends_{};
};

inline std::chrono::milliseconds time_of(const std::function<void()>& work) {
    const auto began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
}

// What the work throws; fails the test when it throws nothing, or something else.
template <typename Type>
Type thrown_by(const std::function<void()>& work) {
    try {
        work();
    } catch (const Type& error) {
        return error;
    } catch (const std::exception& error) {
        ADD_FAILURE() << "another exception: " << error.what();
        throw;
    }
    ADD_FAILURE() << "nothing was thrown";
    throw std::logic_error("nothing was thrown");
}

// A database of its own for each test.
class DatabaseTest : public testing::Test {
  protected:
    [[nodiscard]] Uri address(const std::string& more = "") const { return Uri::parse(uri_ + more).value(); }
    Connection open(const std::string& more = "", Mode mode = Mode::writes) {
        return open(address(more), mode);
    }
    Connection open(const Uri& uri, Mode mode = Mode::writes) {
        return Connection(uri, {.context = "identity server", .mode = mode}, stop_);
    }

    std::string uri_ = test::PostgresServer::instance().create_database();
    util::NeverStop stop_;
};

}  // namespace tti::postgres
