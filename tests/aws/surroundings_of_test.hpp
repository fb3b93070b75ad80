#pragma once

#include <string>
#include <vector>

#include "aws/session.hpp"
#include "settings/temporary_folder.hpp"

namespace tti::aws {

// Stands at one time; waiting moves it on.
class TestClock final : public Clock {
  public:
    Time now() override { return now_; }
    void wait(std::chrono::milliseconds time, util::Stop& stop) override {
        util::throw_if_requested(stop);
        pauses.push_back(time);
        now_ += time;
    }
    void set(const std::string& iso) { now_ = *parse_iso_time(iso); }
    void move(std::chrono::seconds by) { now_ += by; }

    std::vector<std::chrono::milliseconds> pauses;

  private:
    Time now_ = *parse_iso_time("2026-04-05T06:07:08Z");
};

// A home of its own, no variables but those of the test, and no metadata service.
struct TestSurroundings {
    settings::TemporaryFolder home;
    TestClock clock;
    util::NeverStop stop;
    std::vector<std::string> told;
    Surroundings surroundings{
        .environment = {{"AWS_EC2_METADATA_DISABLED", "true"}, {"AWS_REGION", "eu-west-1"}},
        .home = home.path(),
        .clock = clock,
        .stop = stop,
        .tell = [this](const std::string& sentence) { told.push_back(sentence); }};

    Environment& environment() { return surroundings.environment; }
    void use_keys() {
        environment()["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
        environment()["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    }
    // Of the credentials that are found.
    std::string access_key() {
        Session session(surroundings);
        return session.credentials().get().access_key_id;
    }
};

}  // namespace tti::aws
