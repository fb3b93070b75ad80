#include <fstream>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "postgres/capabilities.hpp"
#include "postgres/support.hpp"
#include "support/child_process.hpp"

namespace tti::postgres {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A server with TCP, TLS and passwords, and a certificate for localhost.
class ConnectTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = test::make_folder("tti-connect-");
        port_ = test::free_port();
        make_certificate("server");
        make_certificate("other");
        server_ = std::make_unique<test::PostgresProcess>(
            folder_, std::vector<std::string>{"listen_addresses=127.0.0.1", fmt::format("port={}", port_),
                                              "ssl=on", "ssl_cert_file=" + (folder_ / "server.crt").string(),
                                              "ssl_key_file=" + (folder_ / "server.key").string()});
        util::NeverStop stop;
        Connection connection(socket_address(), {.context = "set-up"}, stop);
        connection.execute("CREATE ROLE app LOGIN PASSWORD 'right-secret'");
        std::ofstream(server_->data() / "pg_hba.conf")
            << "local all all trust\nhost all all all scram-sha-256\n";
        connection.execute("SELECT pg_reload_conf()");
    }
    static void TearDownTestSuite() {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }
    static void make_certificate(const std::string& name) {
        test::run(
            {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
             (folder_ / (name + ".key")).string(), "-out", (folder_ / (name + ".crt")).string()},
            folder_ / "openssl.log");
    }
    static Uri socket_address() {
        return Uri::parse(
                   fmt::format("postgres://postgres@/postgres?host={}&port={}", folder_.string(), port_))
            .value();
    }
    static Uri tcp_address(const std::string& query, const std::string& database = "postgres",
                           const std::string& password = "right-secret") {
        return Uri::parse(
                   fmt::format("postgres://app:{}@localhost:{}/{}?{}", password, port_, database, query))
            .value();
    }
    static ConnectionError failure_of(const Uri& uri,
                                      std::chrono::seconds timeout = std::chrono::seconds(10)) {
        util::NeverStop stop;
        const auto error = thrown_by<ConnectionError>(
            [&] { Connection(uri, {.context = "identity server", .timeout = timeout}, stop); });
        EXPECT_THAT(error.what(),
                    AllOf(HasSubstr("identity server: cannot connect to "), HasSubstr(uri.display()),
                          Not(HasSubstr("secret")), Not(HasSubstr("\n"))));
        EXPECT_THAT(error.hint(), Not(HasSubstr("secret")));
        return error;
    }
    bool encrypted(const Uri& uri) {
        Connection connection(uri, {.context = "identity server"}, stop_);
        return connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").boolean(0, 0);
    }

    static inline std::filesystem::path folder_;
    static inline int port_ = 0;
    static inline std::unique_ptr<test::PostgresProcess> server_;
    util::NeverStop stop_;
};

TEST_F(ConnectTest, OverASocketAndTcp) {
    EXPECT_FALSE(encrypted(socket_address()));
    EXPECT_FALSE(encrypted(tcp_address("sslmode=disable")));
}

TEST_F(ConnectTest, OverTlsWithTheRightRootOnly) {
    EXPECT_TRUE(
        encrypted(tcp_address("sslmode=verify-full&sslrootcert=" + (folder_ / "server.crt").string())));
    const ConnectionError wrong =
        failure_of(tcp_address("sslmode=verify-full&sslrootcert=" + (folder_ / "other.crt").string()));
    EXPECT_THAT(wrong.what(), HasSubstr("certificate verify failed"));
    EXPECT_THAT(wrong.hint(), AllOf(HasSubstr("sslrootcert"), HasSubstr("is.database-uri")));
    EXPECT_THAT(failure_of(tcp_address("sslmode=verify-full&sslrootcert=/nowhere.crt")).hint(),
                HasSubstr("sslrootcert"));
}

TEST_F(ConnectTest, FailuresSayWhatToDo) {
    const ConnectionError refused =
        failure_of(Uri::parse(fmt::format("postgres://u:secret@127.0.0.1:{}/d", test::free_port())).value());
    EXPECT_THAT(refused.what(), HasSubstr("Connection refused"));
    EXPECT_THAT(refused.hint(), HasSubstr("is running"));
    EXPECT_THAT(failure_of(tcp_address("", "postgres", "wrong-secret")).hint(),
                HasSubstr("user and password"));
    EXPECT_THAT(failure_of(tcp_address("", "missing")).hint(), HasSubstr("createdb -h localhost"));
    EXPECT_THAT(failure_of(Uri::parse("postgres://u@/d?host=/nowhere").value()).hint(),
                HasSubstr("socket folder"));
    EXPECT_THAT(
        failure_of(Uri::parse(fmt::format("postgres://app@localhost:{}/postgres", port_)).value()).hint(),
        HasSubstr("PGPASSWORD"));
    EXPECT_EQ(failure_of(tcp_address("", "missing")).code(), ExitCode::unreachable);
}

// Accepts connections and never says a word.
class SilentServer {
  public:
    SilentServer() : port_(test::free_port()) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port_));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        EXPECT_EQ(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(listen(descriptor_, 5), 0);
    }
    ~SilentServer() { close(descriptor_); }
    [[nodiscard]] int port() const { return port_; }

  private:
    int port_;
    int descriptor_ = -1;
};

TEST_F(ConnectTest, ASilentServerDoesNotHoldUs) {
    const SilentServer silent;
    const std::string uri = fmt::format("postgres://u@127.0.0.1:{}/d", silent.port());
    ConnectionError error = failure_of(Uri::parse(uri).value(), std::chrono::seconds(1));
    EXPECT_THAT(error.what(), HasSubstr("timed out after 1 s"));
    EXPECT_THAT(error.hint(), HasSubstr("firewall"));
    // The address beats the default.
    EXPECT_THAT(failure_of(Uri::parse(uri + "?connect_timeout=1").value()).what(),
                HasSubstr("timed out after 1 s"));
    PipeStop stop;
    stop.request();
    EXPECT_THROW(Connection(Uri::parse(uri).value(), {.context = "identity server"}, stop), InterruptedError);
}

TEST_F(ConnectTest, TheNextHostIsTriedAfterASilentOne) {
    const SilentServer silent;
    const Uri uri =
        Uri::parse(
            fmt::format("postgres://app:right-secret@127.0.0.1:{},localhost:{}/postgres?connect_timeout=1",
                        silent.port(), port_))
            .value();
    EXPECT_TRUE(encrypted(uri));
}

TEST_F(ConnectTest, ConnectsWhatTheEnvironmentSays) {
    setenv("PGHOST", folder_.c_str(), 1);
    setenv("PGPORT", std::to_string(port_).c_str(), 1);
    setenv("PGUSER", "postgres", 1);
    EXPECT_FALSE(encrypted(Uri::parse("postgres:///postgres").value()));
    unsetenv("PGHOST");
    unsetenv("PGPORT");
    unsetenv("PGUSER");
}

}  // namespace
}  // namespace tti::postgres
