#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tti::backup {

// Takes bytes. What was written is there once finish() returned, and nothing of it where that was never
// called. Throws Error.
class Sink {
  public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;
    virtual void write(std::string_view bytes) = 0;
    virtual void finish() = 0;
};

// Gives bytes: how many, 0 at the end. Throws Error.
class Source {
  public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;
    virtual std::size_t read(std::span<char> to) = 0;
};

// Fills `to` unless the end comes before; returns how much there was.
std::size_t read_fully(Source& source, std::span<char> to);
// All that is left, of what is known to be small. Throws UsageError where it is more than `most`.
std::string read_all(Source& source, std::size_t most);

}  // namespace tti::backup
