#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "grpc/client.hpp"
#include "stale_records/identity_source.hpp"
#include "stale_records/registry_messages.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::stale_records {
namespace {

constexpr std::uint64_t page_size = 1000;
// Pages are cut by OFFSET, each in a transaction of its own, so one pass may miss what another one finds.
constexpr int fewest_passes = 2;
constexpr int most_passes = 12;
constexpr std::array<std::string_view, 4> device_orders{"created_at", "-created_at", "device_id",
                                                        "-device_id"};
constexpr std::array<std::string_view, 4> application_orders{"application_id", "-application_id",
                                                             "created_at", "-created_at"};
constexpr std::string_view list_devices = "/ttn.lorawan.v3.EndDeviceRegistry/List";
constexpr std::string_view get_device = "/ttn.lorawan.v3.EndDeviceRegistry/Get";
constexpr std::string_view list_applications = "/ttn.lorawan.v3.ApplicationRegistry/List";

std::string cluster_key(const settings::Values& values) {
    const auto& keys = values.secrets("cluster.keys");
    if (keys.empty() || keys.front().empty()) {
        throw UsageError("the Identity Server asks for the key of the cluster, and cluster.keys is not set",
                         "Set cluster.keys as the servers of the deployment have it.");
    }
    auto key = util::lower(keys.front().reveal());
    const bool hex = key.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!hex || (key.size() != 32 && key.size() != 48 && key.size() != 64)) {
        throw UsageError(fmt::format("option cluster.keys ({}): accepted: 16, 24 or 32 bytes in hex",
                                     values.source("cluster.keys").where));
    }
    return key;
}

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "tti-lw-stack";
}

grpc::ClientOptions client_options(const settings::Values& values) {
    const auto& text = values.text("cluster.identity-server");
    const auto address = grpc::parse_address(text);
    if (!address) {
        throw UsageError(fmt::format("option cluster.identity-server = \"{}\" ({}): {}", text,
                                     values.source("cluster.identity-server").where, address.error()));
    }
    const auto& name = values.text("cluster.name");
    grpc::ClientOptions options{.address = *address,
                                .metadata = {{"authorization", Secret("ClusterKey " + cluster_key(values))},
                                             {"id", Secret(name.empty() ? host_name() : name)}},
                                .context = "identity server"};
    if (values.boolean("cluster.tls")) {
        options.tls = grpc::Tls{.root_ca = values.text("tls.root-ca"),
                                .insecure_skip_verify = values.boolean("tls.insecure-skip-verify"),
                                .server_name = values.text("cluster.tls-server-name")};
    }
    return options;
}

std::uint64_t total_of(const grpc::Reply& reply) {
    const auto text = reply.metadata("x-total-count");
    std::uint64_t total = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), total).ec != std::errc()) {
        throw RefusedError("the Identity Server does not say how many there are, so a list cannot be trusted",
                           "Is cluster.identity-server the address of an Identity Server? is.database-uri is "
                           "the other way.");
    }
    return total;
}

void pause(std::chrono::nanoseconds time, util::Stop& stop) {
    const auto end = std::chrono::steady_clock::now() + time;
    for (;;) {
        util::throw_if_requested(stop);
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) return;
        pollfd waited{stop.descriptor(), POLLIN, 0};
        poll(&waited, stop.descriptor() < 0 ? 0 : 1,
             static_cast<int>(std::min<std::int64_t>(left.count(), 1000)));
    }
}

// Asks for all pages again and again in different order, until as many are known as the server counts.
struct PagedListing {
    std::string_view method;
    std::string what;
    std::span<const std::string_view> orders;
    std::function<std::string(std::string_view order, std::uint64_t page)> request;
    std::function<Expected<std::size_t>(std::string_view message)> read;
    std::vector<Fingerprints*> into;  // the first is the one that is counted
};

class GrpcSource final : public IdentitySource {
  public:
    explicit GrpcSource(cli::Context& context)
        : context_(context),
          client_(client_options(context.values), context.stop),
          delay_(context.values.duration("pagination-delay")) {}

    Known ask(const Question& question) override {
        Known known;
        std::vector<Fingerprints*> sets{&known.devices};
        if (question.eui_pairs) sets.push_back(&known.eui_pairs);
        list({.method = list_devices,
              .what = "end devices",
              .orders = device_orders,
              .request = [](auto order, auto page) { return list_devices_request(order, page_size, page); },
              .read =
                  [&](std::string_view message) {
                      return read_devices(message, [&](const ListedDevice& device) {
                          known.devices.add(device.uid);
                          const bool wanted = question.eui_pairs && !device.eui_pair.empty();
                          if (wanted) known.eui_pairs.add(device.eui_pair);
                      });
                  },
              .into = sets});
        if (question.applications) known.applications = applications();
        return known;
    }

    std::vector<bool> knows_devices(std::span<const std::string> uids) override {
        std::vector<bool> known;
        for (const auto& uid : uids) known.push_back(knows_device(uid));
        return known;
    }

    // Get finds no soft-deleted one, so all are asked for.
    std::vector<bool> knows_applications(std::span<const std::string> ids) override {
        const auto all = applications();
        std::vector<bool> known;
        for (const auto& id : ids) known.push_back(all.contains(id));
        return known;
    }

    [[nodiscard]] std::string display() const override { return client_.display(); }

  private:
    // Those that are there, and those that can still be restored, which one request may answer or only two.
    Fingerprints applications() {
        Fingerprints all;
        for (const bool deleted : {false, true}) {
            Fingerprints some;
            list({.method = list_applications,
                  .what = "applications",
                  .orders = application_orders,
                  .request =
                      [deleted](auto order, auto page) {
                          return list_applications_request(order, page_size, page, deleted);
                      },
                  .read =
                      [&](std::string_view message) {
                          return read_applications(message, [&](std::string_view id) {
                              some.add(id);
                              all.add(id);
                          });
                      },
                  .into = {&some, &all}});
        }
        return all;
    }

    void list(const PagedListing& listing) {
        std::uint64_t most = 0;
        for (int pass = 0; pass < most_passes; ++pass) {
            most = std::max(
                most,
                one_pass(listing, listing.orders[static_cast<std::size_t>(pass) % listing.orders.size()]));
            for (auto* set : listing.into) set->seal();
            if (pass + 1 >= fewest_passes && listing.into.front()->size() >= most) return;
        }
        throw RefusedError(
            fmt::format("the Identity Server at {} counts {} {} and listed {} in {} passes",
                        client_.display(), most, listing.what, listing.into.front()->size(), most_passes),
            "Nothing is deleted after a short answer. Try again when fewer are being created, or set "
            "is.database-uri, where one look sees all.");
    }

    // The greatest count that the server told meanwhile.
    std::uint64_t one_pass(const PagedListing& listing, std::string_view order) {
        std::uint64_t most = 0;
        for (std::uint64_t page = 1;; ++page) {
            const auto reply = call(listing.method, listing.request(order, page));
            most = std::max(most, total_of(reply));
            if (page == 1) {
                for (auto* set : listing.into) {
                    if (set->size() == 0) set->reserve(most);
                }
            }
            const auto count = listing.read(reply.message);
            if (!count) {
                throw Error(ExitCode::unexpected,
                            fmt::format("identity server: {} answered with what cannot be read: {}",
                                        listing.method, count.error()));
            }
            if (*count == 0) return most;
            pause(delay_, context_.stop);
        }
    }

    bool knows_device(const std::string& uid) {
        try {
            call(get_device, get_device_request(uid));
            return true;
        } catch (const grpc::StatusError& error) {
            if (error.status() == grpc::Status::not_found) return false;
            throw;
        }
    }

    // Reading may be done again when the server is away for a moment.
    grpc::Reply call(std::string_view method, const std::string& request) {
        constexpr int most_tries = 4;
        auto wait = std::chrono::milliseconds(250);
        for (int tries = 1;; ++tries) {
            try {
                return client_.call(method, request);
            } catch (const Error& error) {
                if (error.code() == ExitCode::refused) throw_with_hint(error);
                if (error.code() != ExitCode::unreachable || tries == most_tries) throw;
            }
            pause(wait, context_.stop);
            wait *= 2;
        }
    }

    [[noreturn]] static void throw_with_hint(const Error& error) {
        throw RefusedError(error.what(), "Is cluster.keys the key that the servers of this cluster have?");
    }

    cli::Context& context_;
    grpc::Client client_;
    std::chrono::nanoseconds delay_;
};

}  // namespace

std::unique_ptr<IdentitySource> open_grpc_source(cli::Context& context) {
    return std::make_unique<GrpcSource>(context);
}

}  // namespace tti::stale_records
