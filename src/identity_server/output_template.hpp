#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "util/expected.hpp"

namespace tti::identity_server {

// The setting output-format: "json", or a text with fields such as "{{.Id}}:{{.Key}}".
class OutputTemplate {
  public:
    // Refuses a field that is not one of `fields`, and anything in braces that is no field.
    static Expected<OutputTemplate> parse(std::string_view text, const std::vector<std::string>& fields);

    [[nodiscard]] bool is_json() const { return json_; }
    [[nodiscard]] std::string render(const std::map<std::string, std::string>& values) const;

  private:
    struct Piece {
        std::string text;   // as it stands
        std::string field;  // then this one's value; empty: none
    };
    bool json_ = false;
    std::vector<Piece> pieces_;
};

}  // namespace tti::identity_server
