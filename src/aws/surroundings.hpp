#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "aws/environment.hpp"
#include "aws/time.hpp"
#include "http/client.hpp"
#include "util/stop.hpp"

namespace tti::aws {

// What a run is made of, so that a test can stand in for the process.
struct Surroundings {
    Environment environment;
    std::filesystem::path home;  // of the user: what "~" stands for
    Clock& clock;
    util::Stop& stop;
    std::function<void(const std::string&)> tell;  // one sentence for the operator, without a full stop
};

// A file that a variable or a profile names; a leading "~/" is the home.
std::filesystem::path path_named(const Surroundings& surroundings, const std::string& name);

// How to speak to a URL outside of this machine: proxy and authorities as the variables say.
http::ClientOptions client_options(const Surroundings& surroundings, const std::string& context,
                                   const std::string& url);

}  // namespace tti::aws
