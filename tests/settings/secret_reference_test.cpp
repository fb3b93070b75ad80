#include "settings/secret_reference.hpp"

#include <sstream>

#include <gmock/gmock.h>

#include "temporary_folder.hpp"
#include "util/error.hpp"

namespace tti::settings {
namespace {

using testing::HasSubstr;
using testing::Not;

class SecretReference : public testing::Test {
  protected:
    std::string read(const std::string& reference) {
        return read_secret("password-from", reference, surroundings_, standard_input_).reveal();
    }
    void expect_failure(const std::string& reference, const std::string& message) {
        try {
            read(reference);
            ADD_FAILURE() << reference;
        } catch (const UsageError& error) {
            EXPECT_THAT(error.what(), HasSubstr("option --password-from: " + message));
            EXPECT_FALSE(error.hint().empty());
        }
    }

    TemporaryFolder folder_;
    Surroundings surroundings_{{{"PASSWORD", "from environment\n"}, {"EMPTY", ""}}, folder_.path()};
    std::istringstream standard_input_;
};

TEST_F(SecretReference, NamesAVariable) {
    EXPECT_EQ(read("env:PASSWORD"), "from environment\n") << "a variable is taken as it is";
    expect_failure("env:ABSENT", "variable ABSENT is not set");
    expect_failure("env:EMPTY", "variable EMPTY is empty");
}

TEST_F(SecretReference, NamesAFile) {
    EXPECT_EQ(read("file:" + folder_.write("a", "s3cret\n")), "s3cret");
    EXPECT_EQ(read("file:" + folder_.write("b", "s3cret\r\n")), "s3cret");
    EXPECT_EQ(read("file:" + folder_.write("c", "s3cret")), "s3cret");
    EXPECT_EQ(read("file:" + folder_.write("d", " two\nlines \n\n")), " two\nlines \n")
        << "one line break is cut";
    EXPECT_EQ(read("file:a"), "s3cret") << "from the working directory";
    folder_.write("empty", "\n");
    expect_failure("file:empty", "file empty is empty");
    expect_failure("file:absent", "file absent cannot be read: No such file or directory");
    expect_failure("file:", "file  cannot be read: Is a directory");
}

TEST_F(SecretReference, ReadsOneLineOfStandardInput) {
    standard_input_.str("first\r\nsecond\n");
    EXPECT_EQ(read("-"), "first");
    EXPECT_EQ(read("-"), "second");
    expect_failure("-", "standard input has no line");
    standard_input_.clear();
    standard_input_.str("without line break");
    EXPECT_EQ(read("-"), "without line break");
}

TEST_F(SecretReference, IsNeverShownWhenItIsTheSecretItself) {
    for (const char* reference : {"hunter2", "", "vault:hunter2", "ENV:hunter2"}) {
        try {
            read(reference);
            ADD_FAILURE() << reference;
        } catch (const UsageError& error) {
            EXPECT_THAT(error.what(), HasSubstr("accepted: env:NAME, file:PATH, "));
            EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
            EXPECT_THAT(error.hint(), Not(HasSubstr("hunter2")));
        }
    }
}

TEST_F(SecretReference, MayBeOfAPlaceThatAnotherRoomKnows) {
    const SecretStore store = [](const std::string& reference) -> std::optional<Secret> {
        if (reference == "vault:empty") return Secret();
        if (reference.starts_with("vault:")) return Secret(reference + "'s");
        return std::nullopt;
    };
    const auto read_by_store = [&](const std::string& reference) {
        return read_secret("password-from", reference, surroundings_, standard_input_, store).reveal();
    };
    EXPECT_EQ(read_by_store("vault:x"), "vault:x's");
    EXPECT_EQ(read_by_store("env:PASSWORD"), "from environment\n");
    EXPECT_THROW(read_by_store("vault:empty"), UsageError);
    EXPECT_THROW(read_by_store("hunter2"), UsageError);
    expect_failure("vault:x", "the value is no reference");
}

}  // namespace
}  // namespace tti::settings
