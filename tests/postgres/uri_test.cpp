#include "postgres/uri.hpp"

#include <cstdlib>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

namespace tti::postgres {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

Uri parsed(std::string_view text) {
    return Uri::parse(text).value();
}

// What libpq itself reads in the text that it would get.
std::string read_by_libpq(const Uri& uri, std::string_view name) {
    char* failure = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(uri.libpq().reveal().c_str(), &failure), &PQconninfoFree);
    EXPECT_EQ(failure, nullptr);
    for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
         ++option) {
        if (name == option->keyword) {
            return option->val == nullptr ? "(none)" : option->val;
        }
    }
    return "(unknown)";
}

TEST(Uri, ReadsAUrl) {
    const Uri uri =
        parsed("postgresql://op%40er:p%2Fs%20s@db.example:6543/ttn?sslmode=require&application_name=a+b");
    EXPECT_EQ(read_by_libpq(uri, "user"), "op@er");
    EXPECT_EQ(read_by_libpq(uri, "password"), "p/s s");
    EXPECT_EQ(read_by_libpq(uri, "host"), "db.example");
    EXPECT_EQ(read_by_libpq(uri, "port"), "6543");
    EXPECT_EQ(read_by_libpq(uri, "dbname"), "ttn");
    EXPECT_EQ(read_by_libpq(uri, "sslmode"), "require");
    EXPECT_EQ(read_by_libpq(uri, "application_name"), "a b");
}

TEST(Uri, ReadsQuotesInKeywords) {
    const Uri uri = parsed("host=db user = 'o\\'b'  password='a b' dbname=x\\ y search_path=acme");
    EXPECT_EQ(read_by_libpq(uri, "user"), "o'b");
    EXPECT_EQ(read_by_libpq(uri, "password"), "a b");
    EXPECT_EQ(read_by_libpq(uri, "dbname"), "x y");
    EXPECT_EQ(uri.search_path(), "acme");
}

TEST(Uri, ReadsSocketFolders) {
    EXPECT_EQ(read_by_libpq(parsed("postgres://u@%2Fvar%2Frun:5433/d"), "host"), "/var/run");
    EXPECT_EQ(read_by_libpq(parsed("postgres:///d?host=/tmp/x"), "host"), "/tmp/x");
}

TEST(Uri, ReadsSeveralHostsAndVersionSix) {
    const Uri uri = parsed("postgres://u@a:1,[::1],b:3/d");
    EXPECT_EQ(read_by_libpq(uri, "host"), "a,::1,b");
    EXPECT_EQ(read_by_libpq(uri, "port"), "1,,3");
    EXPECT_EQ(uri.display(), "u@a:1,[::1]:5432,b:3/d");
}

TEST(Uri, AnAtSignInThePasswordNeedsNoEncoding) {
    const Uri uri = parsed("postgres://u:p@ss@h/d");
    EXPECT_EQ(read_by_libpq(uri, "password"), "p@ss");
    EXPECT_EQ(read_by_libpq(uri, "host"), "h");
}

TEST(Uri, KeepsRunTimeParametersApartAndDropsThoseOfTheGoDriver) {
    const Uri uri = parsed(
        "postgres://h/"
        "d?search_path=a%2Cb&statement_timeout=5s&pool_max_conns=4&default_query_exec_mode=exec");
    EXPECT_EQ(uri.search_path(), "a,b");
    EXPECT_THAT(uri.runtime_parameters(), ElementsAre(Pair("statement_timeout", "5s")));
    EXPECT_THAT(uri.libpq().reveal(), Not(HasSubstr("pool")));
}

TEST(Uri, MasksEveryPassword) {
    EXPECT_EQ(parsed("postgres://u:secret@h/d?x=1").masked(), "postgres://u:********@h/d?x=1");
    EXPECT_EQ(parsed("postgres://h/d?password=secret&sslmode=disable").masked(),
              "postgres://h/d?password=********&sslmode=disable");
    EXPECT_EQ(parsed("host=h password='se cret' user=u").masked(), "host=h password=******** user=u");
    EXPECT_EQ(parsed("postgres://u:secret@h:1/d").display(), "u@h:1/d");
    EXPECT_EQ(parsed("postgres://u:sec@ret@h:1/d").masked(), "postgres://u:********@h:1/d");
}

TEST(Uri, FailuresDoNotRepeatTheText) {
    for (const std::string_view text :
         {"postgres://u:sec/ret@h/d", "postgres://u:secret%zz@h/d", "host=h password='secret", "secret",
          "postgres://u:sec#ret@h:secret/d", "postgres://h/d?secret"}) {
        const Expected<Uri> uri = Uri::parse(text);
        ASSERT_FALSE(uri) << text;
        EXPECT_THAT(uri.error(), Not(HasSubstr("sec")));
    }
    EXPECT_THAT(Uri::parse("postgres://u:sec/ret@h/d").error(), HasSubstr("percent-encoded"));
}

TEST(Uri, ChangesTheSearchPathAndNothingElse) {
    EXPECT_EQ(parsed("postgres://u:p@h/d").with_search_path("acme").text().reveal(),
              "postgres://u:p@h/d?search_path=acme");
    EXPECT_EQ(parsed("postgres://h/d?search_path=x&sslmode=disable").with_search_path("a,b").text().reveal(),
              "postgres://h/d?search_path=a%2Cb&sslmode=disable");
    EXPECT_EQ(parsed("postgres://h/d?sslmode=disable").with_search_path("acme").text().reveal(),
              "postgres://h/d?sslmode=disable&search_path=acme");
    EXPECT_EQ(parsed("host=h search_path=x user=u").with_search_path("acme").text().reveal(),
              "host='h' user='u' search_path='acme'");
    EXPECT_EQ(parsed("host=h port=").with_search_path("acme").search_path(), "acme");
    EXPECT_EQ(parsed("host=h password=x\\").with_search_path("acme").search_path(), "acme");
    EXPECT_EQ(parsed("host=h search_path=").with_search_path("acme").search_path(), "acme");
    EXPECT_EQ(parsed("host=h").with_search_path("acme").text().reveal(), "host='h' search_path='acme'");
    EXPECT_EQ(parsed("postgres://h/d").with_search_path("acme").with_search_path("b").search_path(), "b");
}

TEST(Uri, TheEnvironmentFillsGaps) {
    setenv("PGHOST", "from-environment", 1);
    setenv("PGUSER", "somebody", 1);
    EXPECT_EQ(parsed("postgres:///d").display(), "somebody@from-environment:5432/d");
    EXPECT_EQ(parsed("postgres://u@h/d").display(), "u@h:5432/d");
    unsetenv("PGHOST");
    unsetenv("PGUSER");
}

TEST(Uri, KnowsNamesOfOtherDrivers) {
    EXPECT_EQ(read_by_libpq(parsed("host=h database=d"), "dbname"), "d");
    EXPECT_EQ(read_by_libpq(parsed("postgres://h/d?ssl=true"), "sslmode"), "require");
}

}  // namespace
}  // namespace tti::postgres
