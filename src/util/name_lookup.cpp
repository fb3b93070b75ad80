#include "util/name_lookup.hpp"

#include <array>
#include <future>
#include <thread>

#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "util/wait.hpp"

namespace tti::util {
namespace {

using Addresses = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

Expected<std::string> as_number(const addrinfo& found) {
    std::array<char, NI_MAXHOST> text{};
    const int failure =
        getnameinfo(found.ai_addr, found.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    if (failure != 0) return unexpected(gai_strerror(failure));
    return text.data();
}

Expected<Addresses> look_up(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int failure = getaddrinfo(host.c_str(), nullptr, &wanted, &list); failure != 0) {
        return unexpected(gai_strerror(failure));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, &freeaddrinfo);
    Addresses addresses;
    for (const auto* found = list; found != nullptr; found = found->ai_next) {
        const auto address = as_number(*found);
        if (!address) return unexpected(address.error());
        addresses.push_back(*address);
    }
    return addresses;
}

}  // namespace

// Of both threads, whichever is the last.
struct NameLookup::Answer {
    Answer() = default;
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    ~Answer() { close(there); }

    std::promise<Expected<Addresses>> promise;
    std::future<Expected<Addresses>> addresses = promise.get_future();
    int there = eventfd(0, EFD_CLOEXEC);
};

NameLookup::NameLookup(const std::string& host) : answer_(std::make_shared<Answer>()) {
    std::thread([answer = answer_, host] {
        answer->promise.set_value(look_up(host));
        eventfd_write(answer->there, 1);
    }).detach();
}

Expected<Addresses> NameLookup::wait(std::optional<Clock::time_point> deadline, Stop& stop) {
    while (answer_->addresses.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        if (stop.requested()) return unexpected("an end was asked for");
        if (deadline && Clock::now() >= *deadline)
            return unexpected("no answer from the name servers in time");
        std::array watched{pollfd{answer_->there, POLLIN, 0}, pollfd{stop.descriptor(), POLLIN, 0}};
        poll_until(watched, deadline);
    }
    return answer_->addresses.get();
}

}  // namespace tti::util
