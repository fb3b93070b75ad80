#include "backup/archive.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "backup/folder.hpp"
#include "temporary_folder.hpp"
#include "util/error.hpp"
#include "util/file.hpp"

namespace tti::backup {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;
using ::testing::UnorderedElementsAre;

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

class Archive : public ::testing::Test {
  protected:
    std::filesystem::path at(const std::string& name = "") const { return folder_.path() / "archive" / name; }

    void write(const std::optional<Secret>& secret = {}) {
        std::optional<ArchiveKey> key;
        if (secret) key = ArchiveKey::create(*secret);
        Folder place(at());
        ArchiveWriter writer(place, std::move(key));
        writer.begin("just now");
        writer.add("redis.keys", [](Sink& sink) { sink.write(std::string(100'000, 'k')); });
        Manifest manifest{.id = "id", .default_tenant = "default"};
        manifest.redis = {.file = "redis.keys", .name_space = "ttn:v3:", .keys = 7};
        writer.finish(manifest);
    }

    void change(const std::string& name, std::size_t position) {
        std::fstream file(at(name), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(position));
        file.put('!');
    }

    std::string content(const std::optional<Secret>& secret = {}) {
        Folder place(at());
        ArchiveReader reader(place, secret);
        std::string text;
        reader.read("redis.keys", [&](Source& source) { text = read_all(source, 1 << 20); });
        return text;
    }

    TemporaryFolder folder_;
};

TEST_F(Archive, IsForItsOwnerAlone) {
    write();
    EXPECT_EQ(mode_of(at()), 0700U);
    EXPECT_EQ(mode_of(at("redis.keys")), 0600U);
    EXPECT_EQ(mode_of(at(manifest_name)), 0600U);
    EXPECT_THAT(Folder(at()).names(), UnorderedElementsAre("redis.keys", manifest_name));
}

TEST_F(Archive, GivesBackWhatWasWritten) {
    write();
    EXPECT_EQ(content(), std::string(100'000, 'k'));
    Folder place(at());
    ArchiveReader reader(place, {});
    EXPECT_EQ(reader.manifest().redis->keys, 7);
    reader.check(*reader.manifest().file("redis.keys"), [](std::int64_t) {});
}

TEST_F(Archive, HidesItsContentBehindAKey) {
    write(Secret{"horse"});
    EXPECT_EQ(content(Secret{"horse"}), std::string(100'000, 'k'));
    EXPECT_THAT(*util::read_file(at("redis.keys")), Not(HasSubstr("kkkkkkkk")));
    EXPECT_THAT([this] { content(); }, ThrowsMessage<UsageError>(HasSubstr("is encrypted")));
    EXPECT_THAT([this] { content(Secret{"cow"}); }, ThrowsMessage<UsageError>(HasSubstr("not the key")));
}

TEST_F(Archive, ThatIsNotEncryptedIsNotTakenForOneThatIs) {
    write();
    EXPECT_THAT([this] { content(Secret{"horse"}); }, ThrowsMessage<UsageError>(HasSubstr("not encrypted")));
}

TEST_F(Archive, WithAChangedManifestIsRefused) {
    for (const auto& secret : {std::optional<Secret>(), std::optional(Secret{"horse"})}) {
        std::filesystem::remove_all(at());
        write(secret);
        auto text = *util::read_file(at(manifest_name));
        const auto position = text.find("\"keys\": 7");
        ASSERT_NE(position, std::string::npos);
        change(manifest_name, position + 8);
        std::filesystem::remove(at(manifest_name));
        text.replace(position, 9, "\"keys\": 8");
        std::ofstream(at(manifest_name)) << text;
        EXPECT_THAT([&] { content(secret); }, ThrowsMessage<UsageError>(HasSubstr("damaged or changed")));
    }
}

TEST_F(Archive, WithAChangedFileIsFound) {
    write();
    change("redis.keys", 50'000);
    Folder place(at());
    ArchiveReader reader(place, {});
    EXPECT_THAT([&] { reader.check(reader.manifest().files.front(), [](std::int64_t) {}); },
                ThrowsMessage<UsageError>(HasSubstr("SHA-256")));
    std::filesystem::resize_file(at("redis.keys"), 99'999);
    EXPECT_THAT([&] { reader.check(reader.manifest().files.front(), [](std::int64_t) {}); },
                ThrowsMessage<UsageError>(HasSubstr("99999 bytes")));
}

TEST_F(Archive, IsNotWrittenWhereAnythingElseIs) {
    folder_.write("archive/letter.txt", "dear");
    EXPECT_THAT([this] { write(); }, ThrowsMessage<RefusedError>(HasSubstr("not empty")));
    EXPECT_THAT(Folder(at()).names(), UnorderedElementsAre("letter.txt"));
    std::filesystem::remove_all(at());
    write();
    EXPECT_THAT([this] { write(); }, ThrowsMessage<RefusedError>(HasSubstr("a whole backup already")));
}

TEST_F(Archive, ThatWasNotFinishedIsNoneAndIsReplaced) {
    {
        Folder place(at());
        ArchiveWriter writer(place, {});
        writer.begin("yesterday");
        writer.add("is.old.dump", [](Sink& sink) { sink.write("x"); });
        const auto torn = place.create("is.torn.dump");
        torn->write("half");
    }
    EXPECT_THAT([this] { content(); }, ThrowsMessage<UsageError>(HasSubstr("yesterday")));
    write();
    EXPECT_THAT(Folder(at()).names(), UnorderedElementsAre("redis.keys", manifest_name));
}

TEST_F(Archive, ThatWasNotFinishedLosesNothingOfOthers) {
    for (const std::string name : {"letter.txt", "mine.dump", "is.letter", "tuesday/manifest.json"}) {
        {
            Folder place(at());
            ArchiveWriter(place, {}).begin("yesterday");
        }
        folder_.write("archive/" + name, "dear");
        EXPECT_THAT([this] { write(); }, ThrowsMessage<RefusedError>(HasSubstr(name.substr(0, 7))));
        EXPECT_TRUE(std::filesystem::exists(at(name)));
        std::filesystem::remove_all(at());
    }
}

TEST_F(Archive, ThatWasTakenOverIsGivenUp) {
    Folder place(at());
    ArchiveWriter writer(place, {});
    writer.begin("just now");
    const auto finish = [&] { writer.finish({.id = "id", .default_tenant = "default"}); };
    const auto add = [&] { writer.add("redis.keys", [](Sink& sink) { sink.write("k"); }); };
    folder_.write("archive/unfinished.json", R"({"told":"just now"})");
    EXPECT_THAT(add, ThrowsMessage<LockedError>(HasSubstr("another backup")));
    EXPECT_THAT(finish, ThrowsMessage<LockedError>(HasSubstr("another backup")));
    place.remove(unfinished_name);
    EXPECT_THAT(finish, ThrowsMessage<LockedError>(HasSubstr("another backup")));
    EXPECT_THAT(place.names(), IsEmpty());
}

TEST_F(Archive, IsWrittenByOneAtATime) {
    Folder first(at());
    first.open_for_writing();
    Folder second(at());
    EXPECT_THROW(second.open_for_writing(), LockedError);
}

TEST_F(Archive, LeavesNoFileWhereWritingEndedEarly) {
    Folder place(at());
    place.open_for_writing();
    place.create("a.dump")->write("half");
    EXPECT_THAT(place.names(), IsEmpty());
}

TEST(ManifestText, LeadsToNoFileElsewhere) {
    Manifest manifest{.id = "id"};
    manifest.redis = {.file = "../../etc/shadow"};
    manifest.files.push_back({"../../etc/shadow", 1, ""});
    EXPECT_FALSE(parse_manifest(to_json(manifest)));
    manifest.redis->file = manifest.files[0].name = "redis.keys";
    EXPECT_TRUE(parse_manifest(to_json(manifest)));
}

TEST(ManifestText, SaysHowASchemaIsKept) {
    using timeseries::KeptTable;
    KeptTable table{.name = "active_gateways_1h", .kind = KeptTable::Kind::roll_up, .columns = {"bucket"}};
    table.keep = std::chrono::hours(72);
    table.made_from = timeseries::Time(timeseries::Span(42));
    SchemaEntry entry{"noc", "noc", "", "", {}};
    entry.kept = KeptEntry{{"noc", {"20261123000000"}, {table}}, {"a.rows"}, {{"ids", 7}, {"unused", {}}}};
    Manifest manifest{.id = "id", .files = {{"a.rows", 1, ""}}};
    EXPECT_EQ(to_json(manifest).at("version"), 1);
    manifest.databases.push_back({.schemas = {entry}});
    const auto json = to_json(manifest);
    EXPECT_EQ(json.at("version"), 2);
    const auto read = parse_manifest(json);
    ASSERT_TRUE(read) << read.error();
    const auto& kept = *read->databases.front().schemas.front().kept;
    EXPECT_EQ(kept.schema.tables.front().kind, KeptTable::Kind::roll_up);
    EXPECT_EQ(kept.schema.tables.front().keep, table.keep);
    EXPECT_EQ(kept.schema.tables.front().made_from, table.made_from);
    EXPECT_EQ(kept.schema.tables.front().complete_from, std::nullopt);
    EXPECT_EQ(kept.sequences.back().value, std::nullopt);
    manifest.files.clear();
    EXPECT_FALSE(parse_manifest(to_json(manifest)));
}

TEST(ManifestText, OfAnotherVersionIsNotRead) {
    auto json = to_json(Manifest{});
    json["version"] = manifest_version + 1;
    EXPECT_THAT(parse_manifest(json).error(), HasSubstr("version 3"));
    json.erase("format");
    EXPECT_FALSE(parse_manifest(json));
}

}  // namespace
}  // namespace tti::backup
