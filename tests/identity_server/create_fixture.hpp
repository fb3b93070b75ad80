#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity_server/fixture.hpp"

namespace tti::identity_server::test {

// A database of the test's own, without tables until a command brings them.
class CreateFixture : public testing::Test {
  protected:
    using Flags = std::vector<settings::FlagText>;

    postgres::Result sql(const std::string& statement) { return connection_.execute(statement); }
    std::string value(const std::string& statement) {
        const auto rows = sql(statement);
        return rows.empty() ? "no row" : std::string(rows.text(0, 0));
    }
    // All rows of a table as text, to see whether anything changed.
    std::string all_rows(const std::string& table) {
        return value("SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM " + table + " t");
    }
    // Everything that was told but the result.
    static std::string told(const Outcome& outcome) {
        std::string text = outcome.plan.title;
        for (const auto& step : outcome.plan.steps) {
            text += step.what + step.why;
        }
        for (const auto& line : outcome.logs) {
            text += line;
        }
        return text;
    }

    Database database_;
    util::NeverStop stop_;
    postgres::Connection connection_{
        postgres::Uri::parse(database_.uri()).value(), {.context = "test"}, stop_};
};

}  // namespace tti::identity_server::test
