#include "setup/page_forms.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::setup {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

TEST(PageForms, AreThoseOfThePage) {
    const Words words{"is-db", "create-oauth-client", "--tenant-id=NULL", "--name=Command Line Interface"};
    EXPECT_EQ(*console_line(words),
              "tti-lw-stack,is-db,create-oauth-client,--tenant-id=NULL,--name=Command Line Interface");
    EXPECT_EQ(
        *json_array(words),
        R"(["tti-lw-stack","is-db","create-oauth-client","--tenant-id=NULL","--name=Command Line Interface"])");
}

TEST(PageForms, WithoutArgumentsAreTheProgramAlone) {
    EXPECT_EQ(*console_line(Words{}), "tti-lw-stack");
    EXPECT_EQ(*json_array(Words{}), R"(["tti-lw-stack"])");
}

TEST(PageForms, TheConsoleLineRefusesWhatItWouldBreak) {
    EXPECT_THAT(console_line(Words{"--name=Acme, Inc."}).error(),
                HasSubstr("\"--name=Acme, Inc.\" holds a comma"));
    EXPECT_THAT(console_line(Words{"--name", ""}).error(), HasSubstr("empty argument"));
    EXPECT_THAT(console_line(Words{"--name=a\nb"}).error(), HasSubstr("control character"));
    EXPECT_THAT(console_line(Words{"--name", " Acme"}).error(), HasSubstr("begins or ends with a space"));
}

TEST(PageForms, TheArrayCarriesAnythingThatIsText) {
    EXPECT_EQ(*json_array(Words{"--name=Acme, \"Inc\"", "", "Zürich\n"}),
              R"(["tti-lw-stack","--name=Acme, \"Inc\"","","Zürich\n"])");
    EXPECT_THAT(json_array(Words{"\xFF"}).error(), HasSubstr("UTF-8"));
}

}  // namespace
}  // namespace tti::setup
