#include "key_space/inspection.hpp"

#include <gtest/gtest.h>

#include "util/error.hpp"

namespace tti::key_space {
namespace {

using Kind = Subject::Kind;

TEST(Subject, IsToldApartByItsForm) {
    EXPECT_EQ(parse_subject("app1.dev1").kind, Kind::device);
    EXPECT_EQ(parse_subject("app1.dev1").device.device_id, "dev1");
    EXPECT_EQ(parse_subject("70b3d57ed0060001").kind, Kind::dev_eui);
    EXPECT_EQ(parse_subject("70b3d57ed0060001").dev_eui.value, 0x70b3d57ed0060001U);
    EXPECT_EQ(parse_subject("26000001").kind, Kind::dev_addr);
    const auto pair = parse_subject("0000000000000001:70B3D57ED0060001");
    EXPECT_EQ(pair.kind, Kind::eui_pair);
    EXPECT_EQ(pair.join_eui.value, 1U);
    for (const auto* wrong : {"", "app1", "2600000", "1:2", "app1.dev1:"}) {
        EXPECT_THROW(parse_subject(wrong), UsageError) << wrong;
    }
}

TEST(Outline, ShowsWhatBelongsToWhat) {
    const nlohmann::ordered_json data{{"device", "app1.dev1"},
                                      {"record", {{"key", "k"}, {"none", nlohmann::ordered_json::object()}}},
                                      {"ids", {1, 2}},
                                      {"index", {{{"kind", "a"}, {"key", "x"}}, {{"kind", "b"}}}},
                                      {"gone", nullptr}};
    EXPECT_EQ(outline(data),
              "device: app1.dev1\n"
              "record:\n"
              "  key: k\n"
              "  none: none\n"
              "ids: 1, 2\n"
              "index:\n"
              "  - kind: a\n"
              "    key: x\n"
              "  - kind: b\n"
              "gone: none\n");
}

}  // namespace
}  // namespace tti::key_space
