#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "lorawan/keys.hpp"
#include "settings/resolve.hpp"
#include "support/identity_server.hpp"
#include "support/lorawan_records.hpp"
#include "support/redis_database.hpp"

namespace tti::stale_records::test {

using tti::test::IdentityServer;
using tti::test::Outcome;
using tti::test::RedisDatabase;
using tti::test::SampleDevice;

cli::Command ns_cleanup();
cli::Command as_cleanup();
cli::Command js_cleanup();

// Devices in the three servers' databases, and an Identity Server over gRPC that knows some of them.
class Deployment {
  public:
    Deployment();

    // As the servers keep it, with every index entry.
    void add(const SampleDevice& device);
    void add_to_network_server(const SampleDevice& device);
    void add_to_application_server(const SampleDevice& device);
    void add_to_join_server(const SampleDevice& device);
    // Webhook, pub/sub, link, package associations and activation settings.
    void add_application(const std::string& id);

    // From now on the Identity Server knows these, and answers with `options` besides ("option total 5\n").
    void known(const std::vector<SampleDevice>& devices, const std::vector<std::string>& applications,
               const std::string& options = "");
    [[nodiscard]] static std::string state(const std::vector<SampleDevice>& devices,
                                           const std::vector<std::string>& applications);

    [[nodiscard]] std::string key(lorawan::KeyKind kind,
                                  std::initializer_list<std::string_view> parts = {}) const {
        return keys_.key(kind, parts);
    }

    RedisDatabase redis;
    IdentityServer identity_server{"option key 00112233445566778899aabbccddeeff\n"};

  private:
    lorawan::Keys keys_;
};

// --yes, --no-undo and any share, with what is added.
std::vector<settings::FlagText> freely(std::vector<settings::FlagText> more = {});
std::vector<SampleDevice> sample_devices(std::size_t first, std::size_t count);

}  // namespace tti::stale_records::test
