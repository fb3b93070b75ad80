#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "backup/stream.hpp"

namespace tti::backup::test {

class TextSink final : public Sink {
  public:
    void write(std::string_view bytes) override { text += bytes; }
    void finish() override { finished = true; }
    std::string text;
    bool finished = false;
};

// Gives its text in portions; a size that fits nothing of the format shows that none is relied on.
class TextSource final : public Source {
  public:
    TextSource(std::string text, std::size_t portion) : text_(std::move(text)), portion_(portion) {}
    std::size_t read(std::span<char> to) override {
        const auto size = std::min({to.size(), text_.size() - at_, portion_});
        text_.copy(to.data(), size, at_);
        at_ += size;
        return size;
    }

  private:
    std::string text_;
    std::size_t portion_;
    std::size_t at_ = 0;
};

}  // namespace tti::backup::test
