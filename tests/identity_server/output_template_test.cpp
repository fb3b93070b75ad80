#include "identity_server/output_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::identity_server {
namespace {

using testing::HasSubstr;

const std::vector<std::string> fields{"Id", "Key"};

TEST(OutputTemplate, FillsFieldsIn) {
    const auto output = OutputTemplate::parse("<{{.Id}}:{{ .Key }}> }}", fields);
    ASSERT_TRUE(output);
    EXPECT_FALSE(output->is_json());
    EXPECT_EQ(output->render({{"Id", "1"}, {"Key", "2"}}), "<1:2> }}");
}

TEST(OutputTemplate, KnowsJson) {
    EXPECT_TRUE(OutputTemplate::parse("json", fields)->is_json());
}

TEST(OutputTemplate, RefusesWhatItCannotFillIn) {
    EXPECT_THAT(OutputTemplate::parse("{{.Name}}", fields).error(), HasSubstr("{{.Id}}, {{.Key}}"));
    EXPECT_FALSE(OutputTemplate::parse("{{Id}}", fields));
    EXPECT_FALSE(OutputTemplate::parse("{{}}", fields));
    EXPECT_FALSE(OutputTemplate::parse("{{.Id", fields));
    EXPECT_FALSE(OutputTemplate::parse("{{range .Id}}", fields));
}

}  // namespace
}  // namespace tti::identity_server
