#include "http/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/http_server.hpp"
#include "support/trigger_stop.hpp"

namespace tti::http {
namespace {

using namespace std::chrono_literals;
using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using testing::HasSubstr;

TEST(HttpClient, SendsWhatItIsGivenAndNothingElse) {
    HttpServer server([](const HttpRequest&) {
        return HttpReply{.status = 201, .body = "made", .headers = {{"ETag", " \"1\" "}}};
    });
    Client client({.context = "store"});
    util::NeverStop never;
    const auto answer = client.send({.method = "PUT",
                                     .url = server.url() + "/a/../b//%2F?x=%20&y",
                                     .headers = {{"x-empty", ""}, {"x-note", "n"}},
                                     .body = std::string_view("\0bytes", 6)},
                                    never);
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.body, "made");
    EXPECT_EQ(answer.header("etag"), "\"1\"");
    EXPECT_EQ(answer.header("missing"), "");
    const auto request = server.requests().at(0);
    EXPECT_EQ(request.target, "/a/../b//%2F?x=%20&y");
    EXPECT_EQ(request.body, std::string("\0bytes", 6));
    EXPECT_EQ(request.headers.at("x-empty"), "");
    EXPECT_EQ(request.headers.at("x-note"), "n");
    EXPECT_FALSE(request.headers.contains("content-type"));
    EXPECT_FALSE(request.headers.contains("expect"));
}

TEST(HttpClient, KeepsNothingOfTheRequestBefore) {
    HttpServer server([](const HttpRequest&) { return HttpReply{.body = "x"}; });
    Client client({.context = "store"});
    util::NeverStop never;
    client.send({.method = "POST", .url = server.url(), .body = "form"}, never);
    EXPECT_EQ(client.send({.method = "HEAD", .url = server.url()}, never).body, "");
    EXPECT_EQ(client.send({.url = server.url()}, never).body, "x");
    client.send({.method = "DELETE", .url = server.url()}, never);
    const auto requests = server.requests();
    EXPECT_EQ(requests.at(2).method, "GET");
    EXPECT_EQ(requests.at(2).body, "");
    EXPECT_EQ(requests.at(3).method, "DELETE");
    EXPECT_FALSE(requests.at(3).headers.contains("content-length"));
}

TEST(HttpClient, TellsHowACallFailed) {
    util::NeverStop never;
    const auto failure = [&never](ClientOptions options, const HttpReply& reply) {
        HttpServer server([&reply](const HttpRequest&) { return reply; });
        try {
            Client(std::move(options)).send({.url = server.url() + "/x?token=secret"}, never);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("nothing failed");
    };
    const auto cut = failure({.context = "store"}, {.body = "0123456789", .cut = true});
    EXPECT_THAT(cut, HasSubstr("store: no answer from http://127.0.0.1:"));
    EXPECT_THAT(cut, testing::Not(HasSubstr("secret")));
    EXPECT_THAT(failure({.context = "store", .largest_answer = 9}, {.body = "0123456789"}),
                HasSubstr("an answer of more than 9 bytes"));
    EXPECT_EQ(failure({.context = "store", .largest_answer = 10}, {.body = "0123456789"}), "nothing failed");
}

TEST(HttpClient, WaitsNoLongerThanItsTimeAndEndsWhenAsked) {
    HttpServer server([](const HttpRequest&) {
        std::this_thread::sleep_for(1s);
        return HttpReply{};
    });
    util::NeverStop never;
    EXPECT_THROW(Client({.context = "store", .whole_timeout = 200ms}).send({.url = server.url()}, never),
                 TransferError);
    test::TriggerStop stop;
    stop.ask();
    EXPECT_THROW(Client({.context = "store"}).send({.url = server.url()}, stop), InterruptedError);
}

}  // namespace
}  // namespace tti::http
