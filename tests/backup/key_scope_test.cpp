#include "backup/key_scope.hpp"

#include <gtest/gtest.h>

namespace tti::backup {
namespace {

TEST(KeyScope, OfTheDeploymentHoldsAllTenantsAndNothingOfOurOwn) {
    const auto scope = whole_scope({"acme"});
    EXPECT_TRUE(scope.contains("ns:devices:uid:a.b"));
    EXPECT_TRUE(scope.contains("acme:ns:devices:uid:a.b"));
    EXPECT_FALSE(scope.contains("tti:operations"));
    EXPECT_FALSE(scope.contains("acme:tti:operations"));
    EXPECT_FALSE(scope.contains(scope.restore_mark()));
}

TEST(KeyScope, OfATenantHoldsItsOwn) {
    const auto scope = tenant_scope("acme", false, {"acme", "acme-two"});
    EXPECT_TRUE(scope.contains("acme:ns:devices:uid:a.b"));
    EXPECT_FALSE(scope.contains("ns:devices:uid:a.b"));
    EXPECT_FALSE(scope.contains("acme-two:ns:devices:uid:a.b"));
    EXPECT_FALSE(scope.contains("acme:tti:lock:ns"));
    EXPECT_FALSE(scope.contains(scope.restore_mark()));
}

TEST(KeyScope, OfTheDefaultTenantHoldsWhatIsNobodyElses) {
    const auto scope = tenant_scope("default", true, {"acme"});
    EXPECT_TRUE(scope.contains("ns:devices:uid:a.b"));
    EXPECT_FALSE(scope.contains("acme:ns:devices:uid:a.b"));
    EXPECT_FALSE(scope.contains("tti:operations"));
    EXPECT_FALSE(scope.contains(scope.restore_mark()));
}

}  // namespace
}  // namespace tti::backup
