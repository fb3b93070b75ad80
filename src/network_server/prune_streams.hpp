#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "network_server/stream_state.hpp"
#include "operation/amount.hpp"
#include "operation/failures.hpp"

namespace tti::network_server {

struct PruneOptions {
    bool include_pending = false;  // of legacy streams: what was delivered and not acknowledged goes too
    std::chrono::milliseconds dead_after{
        std::chrono::minutes(10)};  // a consumer that was not seen for so long
};

// What is counted, in the words of the operator.
namespace pruned {
inline constexpr const char* entries = "processed entries";
inline constexpr const char* pending = "unacknowledged entries";
inline constexpr const char* dangling = "acknowledgements of entries that are gone";
inline constexpr const char* streams = "emptied streams";
inline constexpr const char* consumers = "dead consumers";
inline constexpr const char* queued = "lost tasks queued again";
inline constexpr const char* obsolete = "lost tasks of no use any more";
inline constexpr const char* lost = "lost tasks";
}  // namespace pruned

// What prune treats alike.
enum class StreamUse : std::uint8_t {
    legacy,  // per application, up to release 3.27: nothing reads them
    queue,   // of a running stack: what is pending is still to be processed
};

// What is due for one stream, by its state. Adds to `due`; false in `exact` where the server could only say
// how many there are at most.
void add_due(const StreamState& stream, StreamUse use, const PruneOptions& options, operation::Amounts& due,
             bool& exact);

// Removes what is dead from streams, in a number of round trips that does not depend on how many streams or
// entries there are, except where pending entries stand between dead ones.
class StreamPruner {
  public:
    StreamPruner(key_space::Session& session, PruneOptions options, operation::Failures& failures,
                 operation::Amounts& counts)
        : session_(session), options_(options), failures_(failures), counts_(counts) {}

    void prune(std::span<const std::string> keys, StreamUse use, operation::StepContext& step);
    // Acknowledges what is pending though its entry is gone.
    void drop_dangling(std::span<const std::string> keys, operation::StepContext& step);
    void remove_consumers(std::span<const std::string> keys, operation::StepContext& step);

  private:
    void remove_consumers(std::span<const StreamState> streams, operation::StepContext& step);
    // True where something was acknowledged, so that the states are not right any more.
    bool acknowledge(std::span<const StreamState> streams, StreamUse use, operation::StepContext& step);
    void trim(std::span<const StreamState> streams, operation::StepContext& step);
    void sift(std::span<const StreamState> streams, operation::StepContext& step);
    void remove_emptied(std::span<const std::string> keys, operation::StepContext& step);
    std::vector<StreamState> usable(std::span<const std::string> keys, StreamUse use);
    void count(operation::StepContext& step, const char* what, std::int64_t number);

    key_space::Session& session_;
    PruneOptions options_;
    operation::Failures& failures_;
    operation::Amounts& counts_;
};

}  // namespace tti::network_server
