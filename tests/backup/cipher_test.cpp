#include "backup/cipher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text_streams.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

using test::TextSink;
using test::TextSource;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::size_t header_bytes = 32;
constexpr std::size_t sealed_chunk = chunk_bytes + 16;

const ArchiveKey& key() {
    static const auto key = ArchiveKey::create(Secret{"correct horse"});
    return key;
}

std::string text_of(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t at = 0; at < size; ++at) text[at] = static_cast<char>(at * 31 + at / 251);
    return text;
}

std::string encrypted(const std::string& text, const std::string& name = "a.dump") {
    TextSink sink;
    const auto sealed = encrypting(sink, key(), name);
    sealed->write(std::string_view(text).substr(0, text.size() / 3));
    sealed->write(std::string_view(text).substr(text.size() / 3));
    sealed->finish();
    EXPECT_TRUE(sink.finished);
    return sink.text;
}

std::string decrypted(const std::string& sealed, const std::string& name = "a.dump") {
    TextSource file(sealed, 4099);
    return read_all(*decrypting(file, key(), name), std::size_t{1} << 30U);
}

void expect_damaged(const std::string& sealed, const std::string& name = "a.dump") {
    EXPECT_THAT([&] { decrypted(sealed, name); }, ThrowsMessage<UsageError>(HasSubstr(name)));
}

class Sizes : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Sizes, ComeBack) {
    const auto text = text_of(GetParam());
    EXPECT_EQ(decrypted(encrypted(text)), text);
}

INSTANTIATE_TEST_SUITE_P(Chunks, Sizes,
                         ::testing::Values(0, 1, chunk_bytes - 1, chunk_bytes, chunk_bytes + 1,
                                           3 * chunk_bytes));

TEST(Cipher, NeverWritesTheSameTwice) {
    const auto text = text_of(100);
    EXPECT_NE(encrypted(text), encrypted(text));
}

TEST(Cipher, FindsAChangeAnywhere) {
    const auto sealed = encrypted(text_of(chunk_bytes + 100));
    for (const auto at : {std::size_t{0}, std::size_t{20}, header_bytes, header_bytes + chunk_bytes,
                          header_bytes + sealed_chunk, sealed.size() - 1}) {
        auto changed = sealed;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        expect_damaged(changed);
    }
}

TEST(Cipher, FindsThatTheEndIsMissing) {
    const auto sealed = encrypted(text_of(2 * chunk_bytes + 100));
    for (const auto size : {std::size_t{10}, header_bytes, header_bytes + 5, header_bytes + sealed_chunk,
                            header_bytes + 2 * sealed_chunk, sealed.size() - 1}) {
        expect_damaged(sealed.substr(0, size));
    }
}

TEST(Cipher, FindsMovedAndRepeatedChunks) {
    const auto sealed = encrypted(text_of(3 * chunk_bytes));
    const auto chunk = [&sealed](std::size_t number) {
        return sealed.substr(header_bytes + number * sealed_chunk, sealed_chunk);
    };
    const auto header = sealed.substr(0, header_bytes);
    expect_damaged(header + chunk(1) + chunk(0) + chunk(2));
    expect_damaged(header + chunk(0) + chunk(2));
    expect_damaged(sealed + chunk(2));
}

TEST(Cipher, BindsAFileToItsName) {
    expect_damaged(encrypted(text_of(100), "a.dump"), "b.dump");
}

TEST(ArchiveKey, KnowsItsSecret) {
    EXPECT_TRUE(ArchiveKey::recover(Secret{"correct horse"}, key().derivation()));
    EXPECT_THAT(ArchiveKey::recover(Secret{"wrong horse"}, key().derivation()).error(),
                HasSubstr("not the key"));
}

TEST(ArchiveKey, TakesNoDerivationThatCostsTooMuch) {
    auto derivation = key().derivation();
    derivation.cost = std::uint64_t{1} << 40U;
    EXPECT_FALSE(ArchiveKey::recover(Secret{"correct horse"}, derivation));
    derivation.cost = 3;
    EXPECT_FALSE(ArchiveKey::recover(Secret{"correct horse"}, derivation));
}

TEST(Seal, IsHmacSha256) {
    // RFC 4231, test case 2.
    EXPECT_EQ(seal(Secret{"Jefe"}, "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace tti::backup
