#include "lorawan/address_fields.hpp"

#include "entries.hpp"
#include "promise.hpp"

namespace tti::fuzz {
namespace {

using lorawan::AddressFields;

void check(const Expected<AddressFields>& fields, Expected<AddressFields> (*decode)(std::string_view)) {
    if (!fields) return;
    const auto again = decode(encode(*fields));
    promise(again && *again == *fields, "fields that do not come back");
}

}  // namespace

void address_fields(std::string_view input) {
    check(lorawan::decode_current(input), lorawan::decode_current);
    check(lorawan::decode_pending(input), lorawan::decode_pending);
}

}  // namespace tti::fuzz
