#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "settings/option.hpp"
#include "stale_records/fingerprints.hpp"

namespace tti::stale_records {

// What the Identity Server knew when it was asked.
struct Known {
    Fingerprints devices;       // "app1.dev1"
    Fingerprints applications;  // soft-deleted ones too
    Fingerprints eui_pairs;     // "JoinEUI:DevEUI" in upper-case hex, where a device has both
};

struct Question {
    bool applications = false;
    bool eui_pairs = false;
};

// The Identity Server, by its database or by itself.
class IdentitySource {
  public:
    IdentitySource() = default;
    IdentitySource(const IdentitySource&) = delete;
    IdentitySource& operator=(const IdentitySource&) = delete;
    virtual ~IdentitySource() = default;

    // Everything. Throws RefusedError where the answer is not whole.
    virtual Known ask(const Question& question) = 0;
    // A second look, at these alone and as of now, in their order.
    virtual std::vector<bool> knows_devices(std::span<const std::string> uids) = 0;
    virtual std::vector<bool> knows_applications(std::span<const std::string> ids) = 0;
    // Who answers: "database operator@db:5432/ttn_lorawan", "is.example.com:8884".
    [[nodiscard]] virtual std::string display() const = 0;
};

// Its database where is.database-uri is configured (the tenant's schema with --tenant-id), else over gRPC.
// Throws UsageError where neither is.
std::unique_ptr<IdentitySource> open_identity_source(cli::Context& context);
std::unique_ptr<IdentitySource> open_database_source(cli::Context& context);
std::unique_ptr<IdentitySource> open_grpc_source(cli::Context& context);
// What a command needs for it.
std::vector<std::string> identity_source_settings();
std::vector<settings::Option> identity_source_options();

}  // namespace tti::stale_records
