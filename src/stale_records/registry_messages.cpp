#include "stale_records/registry_messages.hpp"

#include "lorawan/end_device.hpp"
#include "lorawan/wire.hpp"

namespace tti::stale_records {
namespace {

namespace wire = lorawan::wire;

// Source of the numbers: the stack's API, package ttn.lorawan.v3.
constexpr std::uint32_t ids_field = 1;         // of a device, an application, and of a Get request
constexpr std::uint32_t field_mask_field = 2;  // of every request
constexpr std::uint32_t order_field = 3;
constexpr std::uint32_t limit_field = 4;
constexpr std::uint32_t page_field = 5;
constexpr std::uint32_t deleted_field = 6;
constexpr std::uint32_t item_field = 1;  // of EndDevices and Applications
constexpr std::uint32_t id_field = 1;    // of EndDeviceIdentifiers and ApplicationIdentifiers
constexpr std::uint32_t application_ids_field = 2;

void append_mask(std::string& request) {
    std::string mask;
    wire::append_bytes(mask, 1, "ids");
    wire::append_bytes(request, field_mask_field, mask);
}

std::string list_request(std::string_view order, std::uint64_t limit, std::uint64_t page) {
    std::string request;
    append_mask(request);
    wire::append_bytes(request, order_field, order);
    wire::append_scalar(request, limit_field, limit);
    wire::append_scalar(request, page_field, page);
    return request;
}

Expected<std::size_t> each_item(std::string_view message,
                                const std::function<Expected<bool>(std::string_view)>& item) {
    std::size_t count = 0;
    wire::Reader reader(message);
    for (;;) {
        const auto field = reader.next();
        if (!field) return unexpected(field.error());
        if (!*field) return count;
        if ((*field)->number != item_field || (*field)->type != wire::Type::length) continue;
        if (const auto taken = item((*field)->content); !taken) return unexpected(taken.error());
        ++count;
    }
}

// The last length-delimited field of that number; empty where there is none.
Expected<std::string_view> content_of(std::string_view message, std::uint32_t number) {
    std::string_view content;
    wire::Reader reader(message);
    for (;;) {
        const auto field = reader.next();
        if (!field) return unexpected(field.error());
        if (!*field) return content;
        if ((*field)->number == number && (*field)->type == wire::Type::length) content = (*field)->content;
    }
}

}  // namespace

std::string list_devices_request(std::string_view order, std::uint64_t limit, std::uint64_t page) {
    return list_request(order, limit, page);
}

std::string list_applications_request(std::string_view order, std::uint64_t limit, std::uint64_t page,
                                      bool deleted) {
    auto request = list_request(order, limit, page);
    if (deleted) wire::append_scalar(request, deleted_field, 1);
    return request;
}

std::string get_device_request(std::string_view uid) {
    const auto dot = uid.find('.');
    std::string application;
    wire::append_bytes(application, id_field, uid.substr(0, dot));
    std::string ids;
    wire::append_bytes(ids, id_field, uid.substr(dot + 1));
    wire::append_bytes(ids, application_ids_field, application);
    std::string request;
    wire::append_bytes(request, ids_field, ids);
    append_mask(request);
    return request;
}

Expected<std::size_t> read_devices(std::string_view message,
                                   const std::function<void(const ListedDevice&)>& each) {
    return each_item(message, [&](std::string_view item) -> Expected<bool> {
        const auto device = lorawan::read_end_device(item);
        if (!device) return unexpected(device.error());
        ListedDevice listed{.uid = lorawan::text(device->uid)};
        if (!lorawan::is_device_uid(listed.uid)) return unexpected("an end device has no IDs");
        if (device->join_eui && device->dev_eui) {
            listed.eui_pair = lorawan::text(*device->join_eui) + ":" + lorawan::text(*device->dev_eui);
        }
        each(listed);
        return true;
    });
}

Expected<std::size_t> read_applications(std::string_view message,
                                        const std::function<void(std::string_view)>& each) {
    return each_item(message, [&](std::string_view item) -> Expected<bool> {
        const auto ids = content_of(item, ids_field);
        if (!ids) return unexpected(ids.error());
        const auto id = content_of(*ids, id_field);
        if (!id) return unexpected(id.error());
        if (!lorawan::is_id(*id)) return unexpected("an application has no ID");
        each(*id);
        return true;
    });
}

}  // namespace tti::stale_records
