#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "undo/memory_s3.hpp"
#include "undo/object_source.hpp"
#include "undo/object_target.hpp"
#include "util/error.hpp"

namespace tti::undo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const aws::ObjectAddress folder{"kept", "undo/some.undo/"};

class Objects : public testing::Test {
  protected:
    operation::UndoWriter begun() {
        return {std::make_unique<ObjectTarget>(memory_.s3(), folder, encryption_),
                {{"command", "is-db cleanup"}}};
    }
    static void write_batch(operation::UndoWriter& writer, const std::string& row) {
        writer.begin_batch({{"kind", "users"}});
        writer.section("keys", nlohmann::json::object());
        writer.row(row + "\n");
    }
    // Batches with one row each.
    void write_file(const std::vector<std::string>& rows) {
        auto writer = begun();
        for (const auto& row : rows) {
            write_batch(writer, row);
            writer.end_batch();
        }
    }

    std::vector<std::string> names() {
        std::vector<std::string> names;
        for (const auto& [key, bytes] : memory_.objects) names.push_back(key.substr(folder.key.size()));
        return names;
    }
    std::string& object(int number) { return memory_.objects.at(folder.key + object_name(number)); }
    void remove(int number) { memory_.objects.erase(folder.key + object_name(number)); }

    std::vector<std::string> rows() {
        auto reader = read_objects(*memory_.s3(), folder);
        std::vector<std::string> rows;
        for (const auto& batch : reader.batches()) {
            reader.go_to(batch);
            while (!reader.next_section().is_null()) {
                for (std::string row; reader.next_row(row); row.clear()) rows.push_back(row);
            }
        }
        notes_ = reader.notes();
        return rows;
    }
    std::string refusal() {
        try {
            rows();
        } catch (const UsageError& error) {
            return error.what();
        }
        return "read";
    }

    MemoryS3 memory_;
    aws::Encryption encryption_;
    std::vector<std::string> notes_;
};

TEST_F(Objects, AreOneForEachBatchAndOneForTheEnd) {
    auto writer = begun();
    EXPECT_EQ(writer.display(), "s3://kept/undo/some.undo");
    write_batch(writer, "one");
    EXPECT_THAT(names(), IsEmpty());
    writer.end_batch();
    EXPECT_THAT(names(), ElementsAre("00000001"));
    EXPECT_THAT(rows(), ElementsAre("one\n"));
    EXPECT_THAT(notes_, ElementsAre(HasSubstr("was ended in the middle")));
    write_batch(writer, "two");
    writer.end_batch();
    { const auto closed = std::move(writer); }
    EXPECT_THAT(names(), ElementsAre("00000001", "00000002", "00000003"));
    EXPECT_THAT(rows(), ElementsAre("one\n", "two\n"));
    EXPECT_THAT(notes_, IsEmpty());
}

// Who may write only can write: nothing is asked before it.
TEST_F(Objects, AreOneRequestEachThatReplacesNothing) {
    write_file({"one"});
    ASSERT_THAT(memory_.calls(),
                ElementsAre("PUT /kept/undo/some.undo/00000001", "PUT /kept/undo/some.undo/00000002"));
    for (const auto& request : memory_.requests()) {
        EXPECT_EQ(request.headers.at("if-none-match"), "*");
        EXPECT_EQ(request.headers.at("x-amz-checksum-sha256"),
                  aws::padded_base64(util::sha256(request.body)));
        EXPECT_FALSE(request.headers.contains("x-amz-server-side-encryption"));
    }
}

TEST_F(Objects, AreEncryptedAsAskedFor) {
    encryption_ = {.algorithm = "aws:kms", .key_id = "alias/undo"};
    {
        auto writer = begun();
        for (const auto* row : {"one", "two"}) {
            write_batch(writer, row);
            writer.end_batch();
        }
        writer.abandon_batch();
    }
    ASSERT_EQ(memory_.requests().size(), 4U);  // two batches, one taken back, the end
    for (const auto& request : memory_.requests()) {
        EXPECT_EQ(request.headers.at("x-amz-server-side-encryption"), "aws:kms");
        EXPECT_EQ(request.headers.at("x-amz-server-side-encryption-aws-kms-key-id"), "alias/undo");
    }
}

TEST_F(Objects, OfBatchesThatWereGivenUpHoldNoRows) {
    {
        auto writer = begun();
        write_batch(writer, "never sent");
        writer.abandon_batch();
        EXPECT_THAT(memory_.calls(), IsEmpty());
        write_batch(writer, "taken back");
        writer.end_batch();
        writer.abandon_batch();
        write_batch(writer, "one");
        writer.end_batch();
        write_batch(writer, "taken back too");
        writer.end_batch();
        writer.abandon_batch();
        write_batch(writer, "two");
        writer.end_batch();
    }
    EXPECT_THAT(rows(), ElementsAre("one\n", "two\n"));
    EXPECT_THAT(names(), ElementsAre("00000001", "00000002", "00000003", "00000004", "00000005"));
    for (const auto& [key, bytes] : memory_.objects)
        EXPECT_THAT(bytes, testing::Not(HasSubstr("taken back")));
}

TEST_F(Objects, NothingIsLeftOfAFileWithoutBatches) {
    {
        auto writer = begun();
        write_batch(writer, "never sent");
        writer.abandon_batch();
        writer.remove_if_empty();
    }
    EXPECT_THAT(memory_.calls(), IsEmpty());
}

TEST_F(Objects, AreNeverWrittenOver) {
    write_file({"one"});
    auto writer = begun();
    write_batch(writer, "another");
    try {
        writer.end_batch();
        FAIL() << "it was there already";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::refused);
        EXPECT_THAT(error.what(), HasSubstr("is there already, and is not replaced"));
    }
    EXPECT_THAT(rows(), ElementsAre("one\n"));
}

// The database is there: nothing that says otherwise may come of it.
TEST_F(Objects, WhatS3RefusesIsToldWithWhatToDo) {
    for (const int status : {403, 500}) {
        memory_.otherwise = [status](const auto&) {
            const std::string code = status == 403 ? "AccessDenied" : "InternalError";
            return test::HttpReply{.status = status, .body = "<Error><Code>" + code + "</Code></Error>"};
        };
        auto writer = begun();
        write_batch(writer, "one");
        try {
            writer.end_batch();
            FAIL() << status;
        } catch (const UnreachableError&) {
            FAIL() << status;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), status == 403 ? ExitCode::refused : ExitCode::unreachable);
            EXPECT_THAT(error.what(),
                        StartsWith("cannot write the undo file s3://kept/undo/some.undo: AWS s3 PutObject"));
            EXPECT_THAT(error.hint(), HasSubstr("stays as it is in the database"));
            EXPECT_THAT(error.hint(), HasSubstr(status == 403 ? "s3:PutObject" : "busy or failing"));
        }
        writer.abandon_batch();
    }
    EXPECT_THAT(memory_.objects, IsEmpty());
}

TEST_F(Objects, AnAnswerThatGotLostIsNoFailure) {
    bool lost = false;
    memory_.otherwise = [&](const test::HttpRequest& request) -> std::optional<test::HttpReply> {
        if (request.method != "PUT" || std::exchange(lost, true)) return std::nullopt;
        memory_.objects[request.target.substr(6)] = request.body;
        return test::HttpReply{.cut = true};
    };
    write_file({"one"});
    EXPECT_THAT(rows(), ElementsAre("one\n"));
}

TEST_F(Objects, OneThatIsMissingIsNamed) {
    write_file({"one", "two", "three"});
    remove(2);
    EXPECT_EQ(refusal(),
              "s3://kept/undo/some.undo is damaged: object 00000002 is missing, and 00000003 is there");
    remove(3);
    remove(4);
    EXPECT_THAT(rows(), ElementsAre("one\n"));  // as after a kill
    remove(1);
    EXPECT_EQ(refusal(), "there is no undo file s3://kept/undo/some.undo");
}

TEST_F(Objects, OneThatWasChangedIsFound) {
    write_file({"one", "two", "three"});
    const auto whole = memory_.objects;
    for (const int number : {1, 2, 3}) {
        auto& bytes = object(number);
        bytes[bytes.rfind("\\# {\"end\"") - 2] ^= 1;
        EXPECT_THAT(refusal(), HasSubstr("is not as it was written")) << number;
        bytes = whole.at(folder.key + object_name(number));
        bytes.pop_back();
        EXPECT_THAT(refusal(), HasSubstr("is damaged")) << number;
        bytes.clear();
        EXPECT_EQ(refusal(), "s3://kept/undo/some.undo/" + object_name(number) + " is damaged: it is empty");
        memory_.objects = whole;
    }
    std::swap(object(2), object(3));
    EXPECT_THAT(refusal(), HasSubstr("is damaged"));
    memory_.objects = whole;
    remove(4);
    object(3) = object(3).substr(0, object(3).find("\\# {\"end\""));
    EXPECT_THAT(refusal(), HasSubstr("its last object ends within a batch"));
}

TEST_F(Objects, OfOthersAreLeftAlone) {
    write_file({"one"});
    memory_.objects[folder.key] = "";
    memory_.objects[folder.key + "notes.txt"] = "of mine";
    EXPECT_THAT(rows(), ElementsAre("one\n"));
}

}  // namespace
}  // namespace tti::undo
