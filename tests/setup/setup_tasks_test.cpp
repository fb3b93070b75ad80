#include "setup/setup_tasks.hpp"

#include <gmock/gmock.h>

#include "settings/resolve.hpp"
#include "setup/fields.hpp"

namespace tti::setup {
namespace {

// What a machine without the file reads from those flags.
Given read_back(const std::vector<std::string>& words) {
    std::vector<settings::FlagText> texts;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        texts.push_back({word.substr(2, equals - 2), word.substr(equals + 1)});
    }
    auto options = flags();
    options.push_back({.name = "tenancy.default-id"});
    Given given;
    add_flags(given, settings::resolve_flags(options, texts).values);
    return given;
}

std::map<std::string, std::string> plain(const Texts& texts) {
    std::map<std::string, std::string> all;
    for (const auto& [name, text] : texts) all[name] = text.text;
    return all;
}

TEST(AsFlags, SayWhatTheFileSays) {
    const auto given = read_file_text("eu1.yml",
                                      "domain: eu1.example.com\n"
                                      "tenancy: {mode: multi}\n"
                                      "storage: {included: true, retention-days: 31}\n"
                                      "tenants:\n"
                                      "  - {id: acme, name: 'Acme, \"Inc.\"'}\n"
                                      "  - {name: Beta = B, id: beta}\n"
                                      "admin-users:\n"
                                      "  - {id: alice, tenant-id: acme, password-from: 'ssm:/p'}\n");
    ASSERT_TRUE(given.problems.empty());
    const auto again = read_back(as_flags(given));
    EXPECT_TRUE(again.problems.empty());
    EXPECT_EQ(plain(again.texts), plain(given.texts));
    ASSERT_EQ(again.lists.size(), given.lists.size());
    for (const auto& [name, items] : given.lists) {
        const auto& same = again.lists.at(name);
        ASSERT_EQ(same.size(), items.size()) << name;
        for (std::size_t item = 0; item < items.size(); ++item) {
            EXPECT_EQ(plain(same[item].texts), plain(items[item].texts)) << name;
        }
    }
}

}  // namespace
}  // namespace tti::setup
