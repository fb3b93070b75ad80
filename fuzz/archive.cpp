#include <algorithm>

#include <nlohmann/json.hpp>

#include "backup/cipher.hpp"
#include "backup/manifest.hpp"
#include "backup/stream.hpp"
#include "entries.hpp"
#include "local/record.hpp"
#include "promise.hpp"
#include "util/error.hpp"

namespace tti::fuzz {
namespace {

class TextSource final : public backup::Source {
  public:
    explicit TextSource(std::string_view rest) : rest_(rest) {}
    std::size_t read(std::span<char> to) override {
        const auto size = std::min(to.size(), rest_.size());
        std::ranges::copy(rest_.substr(0, size), to.begin());
        rest_.remove_prefix(size);
        return size;
    }

  private:
    std::string_view rest_;
};

class TextSink final : public backup::Sink {
  public:
    void write(std::string_view bytes) override { text += bytes; }
    void finish() override {}
    std::string text;
};

const backup::ArchiveKey& key() {
    static const auto made = backup::ArchiveKey::create(Secret("fuzz"));
    return made;
}

std::string decrypted(std::string_view bytes) {
    constexpr std::size_t most = 1U << 20U;
    TextSource from(bytes);
    return backup::read_all(*backup::decrypting(from, key(), "fuzz"), most);
}

void refuse_what_was_not_written(std::string_view bytes) {
    try {
        decrypted(bytes);
    } catch (const UsageError&) {
        return;
    }
    promise(false, "bytes of somebody else's are taken");
}

void round_trip(std::string_view text) {
    TextSink sink;
    const auto encrypting = backup::encrypting(sink, key(), "fuzz");
    encrypting->write(text);
    encrypting->finish();
    promise(decrypted(sink.text) == text, "a file that does not come back");
    if (text.empty()) return;
    // A bit that the content itself chooses.
    const auto at = (static_cast<unsigned char>(text.front()) * 257U) % sink.text.size();
    sink.text[at] = static_cast<char>(sink.text[at] ^ 1);
    refuse_what_was_not_written(sink.text);
}

void manifest(std::string_view text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded()) return;
    const auto read = backup::parse_manifest(json);
    if (!read) {
        promise(!read.error().empty(), "a refusal without a reason");
        return;
    }
    promise(backup::parse_manifest(to_json(*read)).has_value(), "a manifest that does not come back");
}

}  // namespace

void archive(std::string_view input) {
    refuse_what_was_not_written(input);
    round_trip(input);
    manifest(input);
    std::ignore = local::parse_record(input);
}

}  // namespace tti::fuzz
