#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/option.hpp"
#include "settings/value.hpp"

namespace tti::settings {

enum class Origin { default_value, local_deployment, file, environment, flag };

// Where a value comes from, for messages: "flag --id", "variable TTN_LW_IS_DATABASE_URI", "/etc/x.yml line
// 3".
struct Source {
    Origin origin = Origin::default_value;
    std::string where = "the default";
};

// The resolved options of one run: every option of the command and every setting, each with its source.
// Asking for an option that was not declared, or as another type, is a fault of ours and throws
// std::logic_error.
class Values {
  public:
    void declare(const Option& option);  // with its default, if it has one
    void set(const std::string& name, Value value, Source source);

    [[nodiscard]] bool has(std::string_view name) const;  // has a value, a default included
    // Has a value that somebody gave in a file, a variable or a flag: not a default, nor a local
    // deployment's.
    [[nodiscard]] bool given(std::string_view name) const;
    [[nodiscard]] const Source& source(std::string_view name) const;

    // Where there is no value: false, zero, empty.
    [[nodiscard]] bool boolean(std::string_view name) const;
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    // One that was given as a bare number is in nanoseconds, as in the stack; resolve() has warned of it.
    [[nodiscard]] std::chrono::nanoseconds duration(std::string_view name) const;
    [[nodiscard]] const std::string& text(std::string_view name) const;
    [[nodiscard]] const Secret& secret(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const;
    [[nodiscard]] const std::vector<Secret>& secrets(std::string_view name) const;  // of a secret_list
    [[nodiscard]] std::optional<Time> time(std::string_view name) const;

    // In order of declaration.
    [[nodiscard]] const std::vector<Option>& options() const { return options_; }
    // As text in flag syntax, lists joined with `separator`; a secret is shown only when asked, else masked
    // unless it is empty. Between commas, the items of a list are quoted where flag syntax needs it.
    [[nodiscard]] std::string display(std::string_view name, bool show_secrets,
                                      std::string_view separator = ",") const;

  private:
    struct Entry {
        std::optional<Value> value;
        Source source;
    };
    [[nodiscard]] const Entry& entry(std::string_view name) const;
    [[nodiscard]] const std::optional<Value>& value(std::string_view name, Type type) const;

    std::vector<Option> options_;
    std::map<std::string, Type, std::less<>> types_;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace tti::settings
