#include "stack/selection.hpp"

#include <gmock/gmock.h>

#include "settings/catalogue.hpp"
#include "settings/resolve.hpp"
#include "util/error.hpp"

namespace tti::stack {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Selection selection(const std::vector<settings::FlagText>& flags, bool noc = true) {
    settings::Surroundings surroundings{.environment = {}, .working_directory = "/"};
    if (noc) surroundings.environment["TTN_LW_NOC_STORE_DATABASE_URI"] = "postgresql:///noc";
    std::vector<settings::Option> wanted;
    for (const auto& option : settings::catalogue()) {
        const auto names = naming_settings();
        if (std::ranges::find(names, option.name) != names.end()) wanted.push_back(option);
    }
    return select(settings::resolve(wanted, selection_options(), flags, surroundings).values);
}

std::vector<std::string> chosen(const std::vector<settings::FlagText>& flags, bool noc = true) {
    std::vector<std::string> groups;
    for (const auto& database : selection(flags, noc).chosen) groups.emplace_back(database.group);
    return groups;
}

std::string refusal(const std::vector<settings::FlagText>& flags) {
    try {
        selection(flags, false);
    } catch (const UsageError& error) {
        return std::string(error.what()) + " | " + error.hint();
    }
    return "selected";
}

TEST(Selection, IsWhatTheSettingsNameInTheOrderOfMigration) {
    EXPECT_THAT(chosen({}), ElementsAre("is-db", "dcs-db", "ns-db", "as-db", "js-db", "noc-db"));
    EXPECT_THAT(chosen({}, false), ElementsAre("is-db", "dcs-db", "ns-db", "as-db", "js-db"));
}

TEST(Selection, KeepsTheOrderWhateverIsAskedFor) {
    EXPECT_THAT(chosen({{"only", "noc-db,ns-db"}, {"only", "is-db"}}),
                ElementsAre("is-db", "ns-db", "noc-db"));
    EXPECT_THAT(chosen({{"skip", "is-db,noc-db"}}), ElementsAre("dcs-db", "ns-db", "as-db", "js-db"));
    EXPECT_THAT(chosen({{"only", "is-db,ns-db"}, {"skip", "is-db"}}), ElementsAre("ns-db"));
}

TEST(Selection, SaysWhyWhatIsLeftOut) {
    const auto left_out = selection({{"skip", "js-db"}}).left_out;
    ASSERT_EQ(left_out.size(), 2U);
    EXPECT_EQ(left_out[0].group, "js-db");
    EXPECT_EQ(left_out[0].why, "--skip names it");
    EXPECT_EQ(left_out[1].group, "storage-db");
    EXPECT_EQ(left_out[1].why, "as.packages.storage.postgres.database-uri is not set");
}

TEST(Selection, RefusesNamesThatAreNone) {
    EXPECT_THAT(refusal({{"only", "gs-db"}}),
                AllOf(HasSubstr("no database \"gs-db\""), HasSubstr("is-db, dcs-db, ns-db")));
    EXPECT_THAT(refusal({{"skip", "isdb"}}), HasSubstr("Did you mean is-db?"));
    EXPECT_THAT(refusal({{"skip", ""}}), HasSubstr("selected"));
}

TEST(Selection, RefusesWhatTheSettingsDoNotName) {
    EXPECT_THAT(refusal({{"only", "noc-db"}}), HasSubstr("noc.store.database-uri is not set"));
}

TEST(Selection, IsNeverEmpty) {
    EXPECT_THAT(refusal({{"only", "is-db"}, {"skip", "is-db"}}), HasSubstr("leave no database"));
}

}  // namespace
}  // namespace tti::stack
