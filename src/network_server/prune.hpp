#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "network_server/prune_streams.hpp"
#include "operation/operation.hpp"

namespace tti::network_server {

// What prune would do, by reading alone.
struct PruneSurvey {
    Looking looking = Looking::far;
    std::vector<std::string> legacy_keys;
    operation::Amounts legacy;
    operation::Amounts uplinks;
    operation::Amounts tasks;
    bool exact = true;  // else the processed entries are the most there can be
    std::vector<std::string> notes;
    operation::Failures failures;

    // The legacy streams of a page of a walk; `finish` looks at today's streams.
    void add_legacy(key_space::Session& session, std::span<const std::string> keys,
                    const PruneOptions& options);
    void finish(key_space::Session& session, const PruneOptions& options);
};
std::vector<lorawan::KeyKind> legacy_stream_kinds();

class PruneOperation final : public operation::Operation {
  public:
    PruneOperation(key_space::Session& session, PruneOptions options)
        : session_(session), options_(options) {}

    operation::Plan plan() override;
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void add_steps(operation::Plan& plan);
    void prune_legacy(operation::StepContext& step);
    void prune_uplinks(operation::StepContext& step);
    void prune_tasks(operation::StepContext& step);

    key_space::Session& session_;
    PruneOptions options_;
    PruneSurvey survey_;
    operation::Amounts counts_;
    operation::Failures failures_;
};

cli::Command prune_command();

}  // namespace tti::network_server
