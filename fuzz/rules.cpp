#include "identity_server/rules.hpp"

#include <tuple>

#include "doctor/redirect_uris.hpp"
#include "entries.hpp"
#include "identity_server/eui_block.hpp"
#include "identity_server/output_template.hpp"
#include "lorawan/eui.hpp"
#include "operation/deletion_limit.hpp"
#include "promise.hpp"
#include "setup/rules.hpp"
#include "stack/releases.hpp"
#include "stack/until.hpp"
#include "storage_integration/message.hpp"

namespace tti::fuzz {
namespace {

void euis(std::string_view text) {
    if (const auto prefix = identity_server::EuiPrefix::parse(text)) {
        const auto again = identity_server::EuiPrefix::parse(prefix->text());
        promise(again && again->eui == prefix->eui && again->length == prefix->length,
                "a prefix that does not come back");
    }
    if (const auto eui = lorawan::parse_eui64(text))
        promise(lorawan::parse_eui64(lorawan::text(*eui)) == *eui, "an EUI that does not come back");
    if (const auto address = lorawan::parse_dev_addr(text)) {
        promise(lorawan::parse_dev_addr(lorawan::text(*address)) == *address,
                "a DevAddr that does not come back");
    }
}

void uris(std::string_view text) {
    const bool accepted = identity_server::check_redirect_uri(text).has_value();
    promise(!accepted || text.size() <= 256, "a redirect URI beyond the length of the API");
    if (const auto page = doctor::parse_page_address(text))
        promise(page->origin + page->mount == text, "a page's address that does not come back");
    const bool domain = doctor::check_domain(text).has_value();
    promise(!domain || text.find('/') == std::string_view::npos, "a domain with a path");
    std::ignore = setup::check_domain(text);
}

void names(std::string_view text) {
    const bool id = identity_server::check_entity_id(text).has_value();
    promise(!id || (text.size() >= 2 && text.size() <= 36), "an ID of another length than the API's");
    promise(!id || text.find_first_of(" '\"\\;$") == std::string_view::npos, "an ID that is none");
    std::ignore = identity_server::check_tenant_id(text);
    std::ignore = identity_server::check_user_id(text);
    std::ignore = identity_server::check_email(text);
    std::ignore = identity_server::check_name(text);
    if (const auto form = identity_server::OutputTemplate::parse(text, {"Id", "Key"})) {
        if (!form->is_json()) std::ignore = form->render({{"Id", "a"}, {"Key", "b"}});
    }
}

void times(std::string_view text) {
    const std::chrono::system_clock::time_point now(std::chrono::hours(500'000));
    if (const auto until = stack::parse_until(text, now)) promise(*until > now, "a time that has gone by");
    if (const auto limit = operation::parse_deletion_limit(text))
        promise(limit->allows(0, 100) && limit->text == text, "a limit that allows nothing at all");
    if (const auto release = stack::parse_release(text, false)) {
        const auto again = stack::parse_release(stack::format(*release), false);
        promise(again && *again == *release, "a release that does not come back");
    }
    std::ignore = storage_integration::parse_time(text);
}

}  // namespace

void rules(std::string_view input) {
    euis(input);
    uris(input);
    names(input);
    times(input);
}

}  // namespace tti::fuzz
