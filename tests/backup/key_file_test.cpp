#include "backup/key_file.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/key_digest.hpp"
#include "text_streams.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

using test::TextSink;
using test::TextSource;

struct Key {
    std::string key;
    std::int64_t expires_at = -1;
    std::string payload;
    bool operator==(const Key&) const = default;
};

std::string written(const std::vector<Key>& keys) {
    TextSink sink;
    KeyFileWriter writer(sink);
    for (const auto& key : keys) writer.add({key.key, key.expires_at, key.payload});
    writer.end();
    return sink.text;
}

std::vector<Key> read(const std::string& text) {
    TextSource source(text, 7);
    KeyFileReader reader(source);
    std::vector<Key> keys;
    for (ArchivedKey key; reader.next(key);)
        keys.push_back({std::string(key.key), key.expires_at, std::string(key.payload)});
    return keys;
}

const std::vector<Key>& sample() {
    static const std::vector<Key> keys{{"ns:devices:uid:a.b", -1, std::string("\0\x01x\n", 4)},
                                       {"", 1'700'000'000'000, ""},
                                       {"large", -1, std::string(300'000, 'y')}};
    return keys;
}

TEST(KeyFile, GivesBackWhatWasWritten) {
    EXPECT_EQ(read(written(sample())), sample());
    EXPECT_EQ(read(written({})), std::vector<Key>{});
}

TEST(KeyFile, IsNotReadWhereItEndsTooEarly) {
    const auto text = written(sample());
    for (const auto size :
         {std::size_t{0}, std::size_t{10}, std::size_t{17}, text.size() / 2, text.size() - 1}) {
        EXPECT_THROW(read(text.substr(0, size)), UsageError) << size;
    }
}

TEST(KeyFile, IsNotReadWhereLengthsAreBeyondReason) {
    auto text = written(sample());
    text[19] = '\x7f';
    EXPECT_THROW(read(text), UsageError);
}

// Payloads as Redis 7.0 writes them: type, content, then 10 bytes that do not count.
std::string payload(const std::string& content) {
    return content + "0123456789";
}
const std::string set_ab = std::string("\x02\x02\x01") + "a" + "\x02" + "bc";
const std::string set_ba = std::string("\x02\x02\x02") + "bc" + "\x01" + "a";

TEST(PayloadDigest, DoesNotDependOnTheOrderOfASetOrHash) {
    EXPECT_EQ(payload_digest(payload(set_ab)), payload_digest(payload(set_ba)));
    // Two integers of one byte, and a text of 300 bytes.
    const std::string long_text = std::string("\x41\x2c") + std::string(300, 'z');
    const std::string one = std::string("\xc0") + "1";
    const std::string two = std::string("\xc0") + "2";
    EXPECT_EQ(payload_digest(payload("\x04\x02" + one + long_text + two + one)),
              payload_digest(payload("\x04\x02" + two + one + one + long_text)));
}

TEST(PayloadDigest, DependsOnEverythingElse) {
    EXPECT_NE(payload_digest(payload(set_ab)),
              payload_digest(payload(std::string("\x02\x02\x01") + "a" + "\x02" + "bd")));
    // Field and value change places.
    EXPECT_NE(payload_digest(payload(std::string("\x04\x01\x01") + "a" + "\x01" + "b")),
              payload_digest(payload(std::string("\x04\x01\x01") + "b" + "\x01" + "a")));
    // Lists are in order.
    EXPECT_NE(payload_digest(payload("\x01" + set_ab.substr(1))),
              payload_digest(payload("\x01" + set_ba.substr(1))));
    EXPECT_NE(payload_digest(payload(std::string("\x00\x01", 2) + "a")),
              payload_digest(payload(std::string("\x00\x01", 2) + "b")));
}

TEST(PayloadDigest, TakesWhatItCannotReadAsItIs) {
    const auto broken = payload("\x02\x7f" + set_ab.substr(2));
    EXPECT_EQ(payload_digest(broken), payload_digest(broken));
    EXPECT_NE(payload_digest(broken), payload_digest(payload("\x02\x7f" + set_ba.substr(2))));
}

TEST(DistinctKeys, CountTheLaterOfTwo) {
    DistinctKeys keys;
    for (const auto* const value : {"earlier", "later"}) {
        keys.add({"twice", 5, value});
        keys.add({std::string("once ") + value, -1, "x"});
    }
    KeySum wanted;
    wanted.add({"once later", -1, "x"});
    wanted.add({"twice", 5, "later"});
    wanted.add({"once earlier", -1, "x"});
    EXPECT_EQ(keys.sum(), wanted);
    EXPECT_EQ(wanted.with_expiry(), 1);
}

TEST(DistinctKeys, AreWrittenAlikeWithinARelease) {
    EXPECT_TRUE(write_alike("7.0.4", "7.0.15"));
    EXPECT_FALSE(write_alike("7.0.15", "7.2.0"));
}

TEST(KeySum, DoesNotDependOnTheOrderOfKeys) {
    KeySum one;
    KeySum other;
    for (const auto& key : sample()) one.add({key.key, key.expires_at, key.payload});
    for (auto key = sample().rbegin(); key != sample().rend(); ++key)
        other.add({key->key, key->expires_at, key->payload});
    EXPECT_EQ(one, other);
    EXPECT_EQ(one.keys(), 3);
    EXPECT_EQ(one.with_expiry(), 1);
    other.remove({sample()[0].key, sample()[0].expires_at, sample()[0].payload});
    EXPECT_NE(one.digest(), other.digest());
    other.add({sample()[0].key, 5, sample()[0].payload});
    EXPECT_NE(one.digest(), other.digest());
}

}  // namespace
}  // namespace tti::backup
