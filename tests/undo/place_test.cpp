#include "undo/place.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "operation/recorder.hpp"
#include "support/nobody_there.hpp"
#include "undo/open.hpp"
#include "util/error.hpp"

namespace tti::undo {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

// A run with these flags and variables.
struct Given {
    Given(const std::vector<settings::FlagText>& flags, std::map<std::string, std::string> environment)
        : values(settings::resolve_flags(place_options(), flags).values),
          surroundings{std::move(environment), "/somewhere"} {}

    cli::Command program;
    settings::Values values;
    settings::Surroundings surroundings;
    operation::Recorder told;
    test::NobodyThere prompt;
    util::NeverStop stop;
    std::istringstream input;
    cli::Context context{program, values, surroundings, told, prompt, stop, input, ""};
};

std::string file_of(const Given& run) {
    return place(run.context).create("ns-purge-1-acme.undo")->display();
}

std::string refusal(const std::vector<settings::FlagText>& flags,
                    std::map<std::string, std::string> environment = {}) {
    const Given run(flags, std::move(environment));
    try {
        place(run.context);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

const std::map<std::string, std::string> in_aws{{"AWS_REGION", "eu-west-1"},
                                                {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                                {"AWS_SECRET_ACCESS_KEY", "none"},
                                                {"HOME", "/nonexistent"}};

TEST(Place, IsTheFolderThatIsNamed) {
    EXPECT_EQ(file_of(Given({{"undo-to", "kept"}}, {})), "/somewhere/kept/ns-purge-1-acme.undo");
    EXPECT_EQ(file_of(Given({{"undo-to", "/kept"}}, {})), "/kept/ns-purge-1-acme.undo");
    EXPECT_FALSE(place(Given({{"no-undo", "true"}}, {}).context).keeps);
}

TEST(Place, IsRefusedInAContainerUnlessNamed) {
    const std::map<std::string, std::string> task{{"HOME", "/h"},
                                                  {"ECS_CONTAINER_METADATA_URI_V4", "http://x"}};
    const Given run({}, task);
    const auto nowhere = place(run.context);
    EXPECT_TRUE(nowhere.keeps);
    EXPECT_FALSE(nowhere.create);
    operation::Plan plan;
    nowhere.add_to(plan);
    EXPECT_THAT(plan.refusals, testing::SizeIs(1));
    EXPECT_THAT(plan.refusal_hint, HasSubstr("s3://BUCKET/FOLDER"));
    EXPECT_EQ(file_of(Given({{"undo-to", "/mnt/undo"}}, task)), "/mnt/undo/ns-purge-1-acme.undo");
}

TEST(Place, IsS3UnderANameOfItsOwn) {
    const Given run({{"undo-to", "s3://kept/eu1/undo"}}, in_aws);
    const auto there = place(run.context);
    const auto first = there.create("ns-purge-1-acme.undo")->display();
    EXPECT_THAT(first, MatchesRegex("s3://kept/eu1/undo/ns-purge-1-acme-[0-9a-f]+\\.undo"));
    EXPECT_NE(there.create("ns-purge-1-acme.undo")->display(), first);
    EXPECT_TRUE(is_file_in_store(first));
    operation::Plan plan;
    there.add_to(plan);
    EXPECT_THAT(plan.notes, testing::ElementsAre(HasSubstr("s3://kept/eu1/undo: ")));
    EXPECT_THAT(file_of(Given({{"undo-to", "s3://kept"}}, in_aws)),
                testing::StartsWith("s3://kept/ns-purge-1-"));
}

TEST(Place, RefusesWhatIsNone) {
    EXPECT_THAT(refusal({{"undo-to", "x"}, {"no-undo", "true"}}), HasSubstr("exclude each other"));
    EXPECT_THAT(refusal({{"undo-to", ""}}), HasSubstr("undo-to is empty"));
    EXPECT_THAT(refusal({{"undo-to", "s3://"}}, in_aws),
                HasSubstr("option undo-to = s3://: a bucket's name"));
    EXPECT_THAT(refusal({{"undo-to", "s3://kept"}, {"s3-encryption", "rot13"}}, in_aws),
                HasSubstr("option s3-encryption = rot13: accepted: AES256"));
    EXPECT_THAT(refusal({{"undo-to", "/kept"}, {"s3-encryption", "AES256"}}),
                HasSubstr("means nothing for a folder"));
    EXPECT_THAT(refusal({{"undo-to", "s3://kept"}},
                        {{"AWS_EC2_METADATA_DISABLED", "true"}, {"HOME", "/nonexistent"}}),
                HasSubstr("no AWS region"));
}

TEST(FileInStore, IsToldFromAnArchiveByItsName) {
    EXPECT_TRUE(is_file_in_store("s3://kept/undo/ns-purge-1.undo/"));
    EXPECT_FALSE(is_file_in_store("s3://kept/monday"));
    EXPECT_FALSE(is_file_in_store("kept/ns-purge-1.undo"));
}

}  // namespace
}  // namespace tti::undo
