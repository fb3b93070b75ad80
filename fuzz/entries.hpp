#pragma once

#include <array>
#include <string_view>

namespace tti::fuzz {

// Each takes bytes of any kind, does with them what the program does with bytes from a server, a file or an
// operator, and throws std::logic_error where the outcome breaks a promise.
void wire_patcher(std::string_view input);
void address_fields(std::string_view input);
void protocol_reader(std::string_view input);
void messages(std::string_view input);  // the first byte is the kind
void keys(std::string_view input);
void message_pack(std::string_view input);
void settings_value(std::string_view input);  // the first byte is type and syntax
void configuration_file(std::string_view input);
void setup_file(std::string_view input);
void addresses(std::string_view input);
void rules(std::string_view input);
void aws_answers(std::string_view input);
void task_forms(std::string_view input);
void undo_file(std::string_view input);
void stored_message(std::string_view input);
void archive(std::string_view input);

struct Entry {
    std::string_view name;  // of its folder below fuzz/corpus, too
    void (*run)(std::string_view input);
};
inline constexpr std::array entries{Entry{"wire_patcher", wire_patcher},
                                    Entry{"address_fields", address_fields},
                                    Entry{"protocol_reader", protocol_reader},
                                    Entry{"messages", messages},
                                    Entry{"keys", keys},
                                    Entry{"message_pack", message_pack},
                                    Entry{"settings_value", settings_value},
                                    Entry{"configuration_file", configuration_file},
                                    Entry{"setup_file", setup_file},
                                    Entry{"addresses", addresses},
                                    Entry{"rules", rules},
                                    Entry{"aws_answers", aws_answers},
                                    Entry{"task_forms", task_forms},
                                    Entry{"undo_file", undo_file},
                                    Entry{"stored_message", stored_message},
                                    Entry{"archive", archive}};

}  // namespace tti::fuzz
