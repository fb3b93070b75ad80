#include "postgres/hosts.hpp"

#include <gmock/gmock.h>

namespace tti::postgres {
namespace {

using testing::HasSubstr;

Hosts hosts_in(std::string_view text) {
    return hosts_of(Uri::parse(text).value());
}

std::string shown(const Hosts& hosts) {
    return joined(hosts, &Host::name) + " " + joined(hosts, &Host::address) + " " +
           joined(hosts, &Host::port);
}

Places looked_up(std::string_view text) {
    util::NeverStop never;
    return look_up(hosts_in(text), {}, never);
}

TEST(Hosts, HaveTheirOwnPortOrTheOneForAll) {
    EXPECT_EQ(shown(hosts_in("postgres://a:1,b:2/d")), "a,b , 1,2");
    EXPECT_EQ(shown(hosts_in("host=a,b port=7 dbname=d")), "a,b , 7,7");
}

TEST(Hosts, AreNumbersToo) {
    EXPECT_EQ(shown(hosts_in("host=a,b hostaddr=192.0.2.1,192.0.2.2 port=7")), "a,b 192.0.2.1,192.0.2.2 7,7");
    EXPECT_EQ(shown(hosts_in("hostaddr=192.0.2.1,192.0.2.2 port=7")), ", 192.0.2.1,192.0.2.2 7,7");
}

TEST(Hosts, OfAServiceFileAreLeftToLibpq) {
    EXPECT_TRUE(hosts_in("service=stack host=a").empty());
}

TEST(Hosts, AreLookedUpUnlessTheyAreSocketsOrNumbers) {
    EXPECT_EQ(shown(looked_up("host=/run/postgresql,@stack port=7").hosts), "/run/postgresql,@stack , 7,7");
    EXPECT_EQ(shown(looked_up("host=a hostaddr=192.0.2.1 port=7").hosts), "a 192.0.2.1 7");
    const auto here = looked_up("host=localhost port=7").hosts;
    EXPECT_THAT(shown(here), HasSubstr("127.0.0.1"));
    for (const auto& host : here) EXPECT_EQ(host.name, "localhost");
}

TEST(Hosts, WithoutAnAddressAreLeftOutAndTold) {
    const std::string nowhere(64,
                              'a');  // longer than a part of a name may be, so that no name server is asked
    const auto places = looked_up("host=" + nowhere + ",192.0.2.1 port=7");
    EXPECT_EQ(shown(places.hosts), "192.0.2.1 192.0.2.1 7");
    EXPECT_EQ(places.failures,
              "could not translate host name \"" + nowhere + "\" to address: Name or service not known\n");
}

}  // namespace
}  // namespace tti::postgres
