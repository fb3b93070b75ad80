#include "identity_server/create_eui_block.hpp"
#include "identity_server/create_fixture.hpp"

namespace tti::identity_server {
namespace {

using testing::HasSubstr;

class CreateEuiBlock : public test::CreateFixture {
  protected:
    test::Outcome create(const Flags& flags) { return database_.run(create_eui_block_command(), flags); }
};

TEST_F(CreateEuiBlock, WritesTheStacksValues) {
    const auto outcome = create({{"prefix", "70b3d57ed0000000/36"}, {"init-counter", "5"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(value("SELECT ROW(type, start_eui, end_counter, current_counter)::text FROM eui_blocks"),
              "(dev_eui,70B3D57ED0000000,268435455,5)");
}

TEST_F(CreateEuiBlock, LeavesTheSameBlockAloneAlsoInUse) {
    ASSERT_EQ(create({{"prefix", "70B3D57ED0000000/36"}}).code, ExitCode::done);
    sql("UPDATE eui_blocks SET current_counter = 77, start_eui = lower(start_eui)");
    const std::string before = all_rows("eui_blocks");
    EXPECT_EQ(create({{"prefix", "70B3D57ED0000000/36"}}).data["action"], "unchanged");
    EXPECT_EQ(all_rows("eui_blocks"), before);
}

TEST_F(CreateEuiBlock, RefusesOtherValuesAndOverlaps) {
    ASSERT_EQ(create({{"prefix", "70B3D57ED0000000/36"}}).code, ExitCode::done);
    for (const Flags& flags : {Flags{{"prefix", "70B3D57ED0000000/40"}},
                               Flags{{"prefix", "70B3D57ED0000000/36"}, {"init-counter", "9"}}}) {
        const auto outcome = create(flags);
        EXPECT_EQ(outcome.code, ExitCode::refused);
        EXPECT_THAT(outcome.error, HasSubstr("with other values"));
    }
    const auto outcome = create({{"prefix", "70B3D57ED0001000/52"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("overlaps"));
    EXPECT_EQ(create({{"prefix", "70B3D57EE0000000/36"}}).code, ExitCode::done);
    EXPECT_EQ(value("SELECT count(*) FROM eui_blocks"), "2");
}

TEST_F(CreateEuiBlock, ReadsTheSettings) {
    database_.given.environment.emplace("TTN_LW_IS_DEV_EUI_BLOCK_PREFIX", "70B3D57ED0000000/40");
    database_.given.environment.emplace("TTN_LW_IS_DEV_EUI_BLOCK_INIT_COUNTER", "3");
    const auto outcome = create({{"use-config", "true"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(value("SELECT ROW(end_counter, current_counter)::text FROM eui_blocks"), "(16777215,3)");
}

TEST_F(CreateEuiBlock, DryRunWritesNothing) {
    ASSERT_EQ(create({{"prefix", "70B3D57ED0000000/36"}}).code, ExitCode::done);
    const auto outcome = create({{"prefix", "70B3D57EE0000000/36"}, {"dry-run", "true"}});
    EXPECT_EQ(outcome.plan.steps.size(), 1U);
    EXPECT_EQ(value("SELECT count(*) FROM eui_blocks"), "1");
}

}  // namespace
}  // namespace tti::identity_server
