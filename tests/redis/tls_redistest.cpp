#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/connection.hpp"
#include "support/certificates.hpp"
#include "support/redis_sentinels.hpp"
#include "support/redis_server.hpp"

namespace tti::redis {
namespace {

class TlsTest : public testing::Test {
  protected:
    TlsTest() {
        // The files are made by the user that the servers run as, who may differ from this process's.
        server_ = std::make_unique<test::RedisServer>(arguments());
    }
    ~TlsTest() override {
        server_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    std::vector<std::string> arguments() const {
        return {
            "--tls-port", std::to_string(port_), "--tls-cert-file", pair_.certificate,    "--tls-key-file",
            pair_.key,    "--tls-ca-cert-file",  authority_.file(), "--tls-auth-clients", "optional"};
    }
    Target target(const std::string& host = "localhost") const {
        Target target;
        target.address = host + ":" + std::to_string(port_);
        target.tls.require = true;
        target.tls.root_ca = authority_.file();
        return target;
    }
    std::string ping(const Target& where) {
        Connection connection(where, {.context = "test", .connect_timeout = std::chrono::seconds(2)}, stop_);
        return std::string(connection.call("PING")->text());
    }
    std::string problem(const Target& where) {
        try {
            return ping(where);
        } catch (const ConnectionError& error) {
            return error.what();
        }
    }

    std::filesystem::path folder_ = test::make_folder("tti-tls-");
    test::CertificateAuthority authority_{folder_};
    test::CertificateAuthority::Pair pair_ =
        authority_.issue("server", "DNS:localhost,DNS:redis.example.com");
    int port_ = test::free_port();
    std::unique_ptr<test::RedisServer> server_;
    util::NeverStop stop_;
};

TEST_F(TlsTest, WorksWithTheRightAuthority) {
    EXPECT_EQ(ping(target()), "PONG");
}

TEST_F(TlsTest, CarriesLargePipelines) {
    Connection connection(target(), {.context = "test"}, stop_);
    Commands commands;
    const std::string value(2000, 'x');
    // Little comes back: Redis 7.0 closes a TLS connection ("bad length") whose replies it cannot send at
    // once.
    for (int i = 0; i < 5000; ++i) {
        commands.add("SET", "a", value);
        commands.add("GETRANGE", "a", "0", "4");
    }
    std::size_t right = 0;
    connection.pipeline(commands, [&](std::size_t index, ReplyView reply) {
        right += reply.text() == (index % 2 == 0 ? "OK" : "xxxxx");
    });
    EXPECT_EQ(right, commands.size());
}

TEST_F(TlsTest, AnotherAuthorityIsRefused) {
    std::filesystem::create_directory(folder_ / "other");
    std::filesystem::permissions(folder_ / "other", std::filesystem::perms::all);
    const test::CertificateAuthority other(folder_ / "other");
    Target wrong = target();
    wrong.tls.root_ca = other.file();
    EXPECT_THAT(problem(wrong), testing::HasSubstr("its certificate is refused"));
    wrong.tls.root_ca.clear();
    EXPECT_THAT(problem(wrong), testing::HasSubstr("its certificate is refused"));
    wrong.tls.insecure_skip_verify = true;
    EXPECT_EQ(ping(wrong), "PONG");
}

TEST_F(TlsTest, TheNameMustBeTheCertificates) {
    EXPECT_THAT(problem(target("127.0.0.1")),
                testing::HasSubstr("its certificate is refused: IP address mismatch"));
    Target named = target("127.0.0.1");
    named.tls.server_name = "redis.example.com";
    EXPECT_EQ(ping(named), "PONG");
    named.tls.server_name = "other.example.com";
    EXPECT_THAT(problem(named), testing::HasSubstr("its certificate is refused: hostname mismatch"));
}

TEST_F(TlsTest, AClientCertificateIsShownWhereItIsDemanded) {
    auto strict = arguments();
    strict.back() = "yes";
    server_.reset();
    server_ = std::make_unique<test::RedisServer>(strict);
    EXPECT_THAT(problem(target()), testing::HasSubstr("certificate required"));
    Target shown = target();
    const auto client = authority_.issue("client", "DNS:client");
    shown.tls.certificate = client.certificate;
    shown.tls.key = client.key;
    EXPECT_EQ(ping(shown), "PONG");
    shown.tls.key = pair_.key;
    EXPECT_THAT(problem(shown), testing::HasSubstr("cannot use the key of the client certificate"));
}

TEST_F(TlsTest, FilesThatCannotBeUsedAreNamed) {
    Target wrong = target();
    wrong.tls.root_ca = "/nowhere/ca.pem";
    EXPECT_THAT(problem(wrong), testing::HasSubstr("/nowhere/ca.pem"));
    std::ofstream(folder_ / "empty.pem") << "no certificate";
    wrong.tls.root_ca = (folder_ / "empty.pem").string();
    EXPECT_THAT(problem(wrong), testing::HasSubstr("cannot use the certificate authority"));
}

TEST_F(TlsTest, OlderThanTls12IsRefused) {
    auto old = arguments();
    old.insert(old.end(), {"--tls-protocols", "TLSv1.1", "--tls-ciphers", "DEFAULT@SECLEVEL=0"});
    server_.reset();
    server_ = std::make_unique<test::RedisServer>(old);
    EXPECT_THAT(problem(target()), testing::HasSubstr("TLS failed"));
}

TEST_F(TlsTest, SentinelsSpeakItToo) {
    const test::CertificateAuthority::Pair local = authority_.issue("local", "IP:127.0.0.1");
    auto primary = arguments();
    primary[3] = local.certificate;
    primary[5] = local.key;
    server_.reset();
    server_ = std::make_unique<test::RedisServer>(primary);
    const test::RedisSentinels sentinels(
        1, port_,
        {"port 0", "tls-port {port}", "tls-replication yes", "tls-auth-clients no",
         "tls-cert-file " + local.certificate, "tls-key-file " + local.key,
         "tls-ca-cert-file " + authority_.file()});
    Target by_sentinel = target();
    by_sentinel.failover = Failover{sentinels.addresses(), "mymaster", "", Secret()};
    const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (problem(by_sentinel) != "PONG" && std::chrono::steady_clock::now() < last) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(problem(by_sentinel), "PONG");
    by_sentinel.tls.root_ca.clear();
    EXPECT_THAT(problem(by_sentinel), testing::HasSubstr("its certificate is refused"));
}

TEST_F(TlsTest, AUnixSocketHasNoTls) {
    Target wrong = target();
    wrong.address = server_->socket();
    EXPECT_THAT(problem(wrong), testing::HasSubstr("TLS is not spoken over a unix socket"));
}

TEST_F(TlsTest, APortWithoutTlsIsTold) {
    const test::RedisServer plain({}, test::free_port());
    Target wrong = target();
    wrong.address = "localhost:" + std::to_string(plain.port());
    EXPECT_THAT(problem(wrong), testing::HasSubstr("TLS failed"));
}

}  // namespace
}  // namespace tti::redis
