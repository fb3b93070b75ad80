#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tti::test {

// A protobuf message, built field by field; the numbers are those of the stack's .proto files.
class Message {
  public:
    Message& number(std::uint32_t field, std::uint64_t value);
    Message& bytes(std::uint32_t field, std::string_view content);
    Message& message(std::uint32_t field, const Message& content) { return bytes(field, content.binary()); }
    Message& fixed32(std::uint32_t field, std::uint32_t value);
    Message& fixed64(std::uint32_t field, std::uint64_t value);
    [[nodiscard]] const std::string& binary() const { return binary_; }
    // As Redis holds it: base64 without padding.
    [[nodiscard]] std::string text() const;

  private:
    std::string binary_;
};

// An end device, from which the record of each server is made. Everything but the names may be changed at
// will; sample_device() gives one with a session, as after an over-the-air activation.
struct SampleDevice {
    std::string application_id = "app1";
    std::string device_id = "dev1";
    std::uint64_t join_eui = 0;
    std::uint64_t dev_eui = 0;
    std::optional<std::uint32_t> dev_addr;          // none: no session and no MAC state
    std::optional<std::uint32_t> pending_dev_addr;  // the same for the pending ones
    std::string session_key_id;                     // 16 bytes
    std::string key;                                // 16 bytes, of every key that it has
    std::uint32_t last_f_cnt_up = 0;
    std::uint32_t mac_version = 5;
    std::optional<bool> resets_f_cnt;
    std::optional<bool> supports_32_bit_f_cnt;
    std::vector<std::string> served_devices;  // device IDs that it forwards as a relay
    bool started_at = false;                  // of both sessions, as before release 3.16
    bool unknown_fields = true;               // in every message that it consists of, as of a later release

    [[nodiscard]] std::string uid() const { return application_id + "." + device_id; }
    [[nodiscard]] std::string join_eui_text() const;
    [[nodiscard]] std::string dev_eui_text() const;
    [[nodiscard]] std::string dev_addr_text() const;
    [[nodiscard]] std::string pending_dev_addr_text() const;
};
// A different one for each number, always the same for the same one. `per_application` devices each.
SampleDevice sample_device(std::size_t number, std::size_t per_application = 100);

// Binary; with text() as the value at the device's key of that server.
Message network_server_record(const SampleDevice& device);
Message application_server_record(const SampleDevice& device);
Message join_server_record(const SampleDevice& device);

// Others, with unknown fields too.
Message session_keys(std::string_view session_key_id, std::string_view key);
Message application_link();
Message application_uplink_message(const SampleDevice& device);  // ApplicationUp
Message webhook(std::string_view application_id, std::string_view webhook_id);
Message pubsub(std::string_view application_id, std::string_view pubsub_id);
Message package_association(const SampleDevice& device, std::uint32_t port);
Message package_default_association(std::string_view application_id, std::uint32_t port);
Message activation_settings();

}  // namespace tti::test
