#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pugixml.hpp>

#include "aws/service.hpp"

namespace tti::aws {

// An answer in XML. Prefixes of name spaces do not occur in AWS's; what is missing is empty.
class Xml {
  public:
    // Throws Error, with `where` in its message, for what is no XML.
    Xml(const std::string& text, std::string_view where);
    [[nodiscard]] pugi::xml_node root() const { return document_.document_element(); }
    // The first one of that name, wherever it stands.
    [[nodiscard]] pugi::xml_node find(std::string_view name) const;

  private:
    pugi::xml_document document_;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

// A call of the query protocol, which EC2, STS and CloudFormation speak: a form goes out, XML comes back.
// Parameters without a value are left out.
Xml query_call(Service& service, const std::string& action, const std::string& version,
               const Parameters& parameters);

}  // namespace tti::aws
