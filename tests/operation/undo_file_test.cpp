#include "operation/undo_file.hpp"

#include <fstream>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/undo_folder.hpp"
#include "util/error.hpp"

namespace tti::operation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class UndoFile : public testing::Test {
  protected:
    UndoFile() {
        std::string pattern = testing::TempDir() + "undo-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
    }
    ~UndoFile() override { std::filesystem::remove_all(folder_); }

    static constexpr auto closed = "\\# {\"closed\"";

    [[nodiscard]] std::filesystem::path path() const { return folder_ / "below" / "some.undo"; }

    // Two batches: keys with two rows and names with one, then keys with one.
    UndoWriter written() const {
        UndoWriter writer(std::make_unique<UndoInFolder>(path()), {{"command", "is-db cleanup"}});
        writer.begin_batch({{"kind", "users"}});
        writer.section("keys", {{"columns", {"id"}}});
        writer.row("1\tone\n");
        writer.row("2\t\\N\n");
        writer.section("nothing", nlohmann::json::object());
        writer.section("names", nlohmann::json::object());
        writer.row("\\\\# {\"end\":1}\n");
        writer.end_batch();
        writer.begin_batch({{"kind", "clients"}});
        writer.section("keys", nlohmann::json::object());
        writer.row("3\n");
        writer.end_batch();
        return writer;
    }

    static std::vector<std::string> content(UndoReader& reader, const UndoBatch& batch) {
        std::vector<std::string> lines;
        reader.go_to(batch);
        for (auto section = reader.next_section(); !section.is_null(); section = reader.next_section()) {
            std::string rows;
            while (reader.next_row(rows)) {
            }
            lines.push_back(section.at("section").get<std::string>() + ":" + rows);
        }
        return lines;
    }

    [[nodiscard]] std::string bytes() const {
        std::ostringstream text;
        text << std::ifstream(path()).rdbuf();
        return text.str();
    }
    void write(const std::string& text) const { std::ofstream(path()) << text; }

    std::filesystem::path folder_;
};

TEST_F(UndoFile, IsReadBackInAnyOrder) {
    written();
    UndoReader reader(path());
    EXPECT_EQ(reader.about().at("command"), "is-db cleanup");
    EXPECT_FALSE(reader.torn());
    ASSERT_EQ(reader.batches().size(), 2U);
    EXPECT_EQ(reader.batches()[0].about.at("kind"), "users");
    EXPECT_THAT(reader.batches()[0].rows,
                testing::UnorderedElementsAre(Amount{"keys", 2}, Amount{"names", 1}));
    EXPECT_THAT(content(reader, reader.batches()[1]), ElementsAre("keys:3\n"));
    EXPECT_THAT(content(reader, reader.batches()[0]),
                ElementsAre("keys:1\tone\n2\t\\N\n", "names:\\\\# {\"end\":1}\n"));
}

TEST_F(UndoFile, IsForItsOwnerAlone) {
    written();
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(UndoFile, ATornTailIsIgnoredWhereverItIsCut) {
    written();
    const auto whole = bytes();
    const auto first = whole.find("\\# {\"batch\":2");
    for (auto length = first + 1; length < whole.find(closed); ++length) {
        write(whole.substr(0, length));
        UndoReader reader(path());
        if (length + 1 == whole.find(closed)) break;  // all of the batch but the line break
        EXPECT_TRUE(reader.torn()) << length;
        ASSERT_EQ(reader.batches().size(), 1U) << length;
        EXPECT_THAT(reader.notes(), ElementsAre(HasSubstr("ends within a batch")));
        EXPECT_EQ(content(reader, reader.batches()[0]).size(), 2U);
    }
}

TEST_F(UndoFile, TellsWhereTheRunWasEnded) {
    written();
    EXPECT_THAT(UndoReader(path()).notes(), IsEmpty());
    write(bytes().substr(0, bytes().find(closed)));
    UndoReader reader(path());
    EXPECT_EQ(reader.batches().size(), 2U);
    EXPECT_FALSE(reader.torn());
    EXPECT_THAT(reader.notes(), ElementsAre(HasSubstr("was ended in the middle")));
}

TEST_F(UndoFile, EveryChangedByteIsFound) {
    written();
    const auto whole = bytes();
    for (std::size_t place = 0; place < whole.find(closed); ++place) {
        auto changed = whole;
        changed[place] = static_cast<char>(changed[place] ^ 1);
        write(changed);
        EXPECT_THROW(UndoReader{path()}, UsageError) << place << " of\n" << changed;
    }
}

TEST_F(UndoFile, AMissingOrMovedBatchIsFound) {
    written();
    const auto whole = bytes();
    const auto first = whole.find("\\# {\"batch\":1");
    const auto second = whole.find("\\# {\"batch\":2");
    const auto end = whole.find(closed);
    const auto header = whole.substr(0, first);
    const auto one = whole.substr(first, second - first);
    const auto two = whole.substr(second, end - second);
    const auto mark = whole.substr(end);
    for (const auto& text : {header + two + mark, header + one + mark, header + two + one + mark,
                             header + one + one + two + mark, header + mark, header + two,
                             header + one.substr(0, one.size() - 10) + "\n" + two + mark}) {
        write(text);
        EXPECT_THROW(UndoReader{path()}, UsageError) << text;
    }
    write(header + one + two + mark);
    EXPECT_EQ(UndoReader(path()).batches().size(), 2U);
}

TEST_F(UndoFile, WithoutSumsItIsReadAsItWas) {
    written();
    auto text = std::regex_replace(bytes(), std::regex(",\"sha256\":\"[0-9a-f]{64}\""), "");
    write(text.substr(0, text.find(closed)));
    UndoReader reader(path());
    EXPECT_EQ(reader.batches().size(), 2U);
    EXPECT_THAT(reader.notes(), IsEmpty());
}

TEST_F(UndoFile, AnAbandonedBatchIsCutOff) {
    auto writer = written();
    const auto before = bytes();
    writer.begin_batch({{"kind", "gateways"}});
    writer.section("keys", nlohmann::json::object());
    writer.row("4\n");
    writer.abandon_batch();
    EXPECT_EQ(bytes(), before);
    writer.begin_batch({{"kind", "gateways"}});
    writer.end_batch();
    UndoReader reader(path());
    EXPECT_EQ(reader.batches().size(), 3U);
    EXPECT_THAT(reader.batches()[2].rows, IsEmpty());
}

TEST_F(UndoFile, ABatchIsAbandonedAfterItsEndToo) {
    {
        auto writer = written();
        const auto before = bytes();
        writer.begin_batch({{"kind", "gateways"}});
        writer.section("keys", nlohmann::json::object());
        writer.row("4\n");
        writer.end_batch();
        writer.abandon_batch();
        EXPECT_EQ(bytes(), before);
        EXPECT_EQ(writer.batches(), 2);
        writer.begin_batch({{"kind", "organizations"}});
        writer.end_batch();
    }
    UndoReader reader(path());
    ASSERT_EQ(reader.batches().size(), 3U);
    EXPECT_EQ(reader.batches()[2].about.at("kind"), "organizations");
    EXPECT_THAT(reader.notes(), IsEmpty());
}

TEST_F(UndoFile, RefusesAFileThatIsThere) {
    written();
    EXPECT_THROW(written(), RefusedError);
}

TEST_F(UndoFile, RefusesOtherFilesAndVersions) {
    std::filesystem::create_directories(path().parent_path());
    const auto refusal = [this](const std::string& text) -> std::string {
        write(text);
        try {
            UndoReader reader(path());
        } catch (const UsageError& error) {
            return error.what();
        }
        return "read";
    };
    EXPECT_THAT(refusal(""), HasSubstr("is not an undo file"));
    EXPECT_THAT(refusal("SELECT 1;\n"), HasSubstr("is not an undo file"));
    EXPECT_THAT(refusal("\\# {\"format\":\"other\"}\n"), HasSubstr("is not an undo file"));
    EXPECT_THAT(refusal("\\# [1]\n"), HasSubstr("is not an undo file"));
    EXPECT_THAT(refusal("\\# {\"format\":\"tti-lw-stack undo\",\"version\":2}\n"), HasSubstr("of version 2"));
    EXPECT_THAT(refusal("\\# {\"format\":1}\n"), HasSubstr("is not an undo file"));
    EXPECT_THAT(refusal("\\# {\"format\":\"tti-lw-stack undo\",\"version\":\"x\"}\n"),
                HasSubstr("of version \"x\""));
    EXPECT_THROW(UndoReader{folder_ / "absent"}, UsageError);
}

TEST_F(UndoFile, ADamagedEndIsAnErrorAndNoSurprise) {
    std::filesystem::create_directories(path().parent_path());
    const std::string begun = "\\# {\"format\":\"tti-lw-stack undo\",\"version\":1}\n\\# {\"batch\":1}\n";
    for (const std::string end :
         {"{\"end\":1}", "{\"end\":1,\"rows\":[1]}", "{\"end\":1,\"rows\":{\"keys\":\"a\"}}"}) {
        write(begun + "\\# " + end + "\n");
        EXPECT_THROW(UndoReader{path()}, UsageError) << end;
    }
}

TEST_F(UndoFile, ARowOutsideOfSectionsIsAnError) {
    std::filesystem::create_directories(path().parent_path());
    write(
        "\\# {\"format\":\"tti-lw-stack undo\",\"version\":1}\n\\# {\"batch\":1}\n1\tone\n\\# "
        "{\"end\":1,\"rows\":{}}\n");
    UndoReader reader(path());
    reader.go_to(reader.batches().at(0));
    EXPECT_THROW(reader.next_section(), UsageError);
}

}  // namespace
}  // namespace tti::operation
