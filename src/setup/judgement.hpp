#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "setup/given.hpp"
#include "util/expected.hpp"

namespace tti::setup {

// What was given, while it is judged: everything that is wrong is collected, with its place.
class Judgement {
  public:
    explicit Judgement(Given given) : given_(std::move(given)) {}

    [[nodiscard]] const Text* find(std::string_view name) const;  // none: nullptr
    [[nodiscard]] std::string text(std::string_view name, const std::string& otherwise) const;
    [[nodiscard]] bool is_set(std::string_view name) const;  // a boolean, or its default
    [[nodiscard]] const std::vector<Item>& items(const std::string& list) { return given_.lists[list]; }
    static std::string of(const Item& item, std::string_view name);  // empty: not given

    // What has to be given; where it is not, that is a problem and the text is empty.
    std::string required(const std::string& name);
    std::string id_of(const Item& item, std::string_view list);

    // A failure is a problem.
    void check(const std::string& name, const Expected<void>& result);
    void check(const Item& item, const std::string& name, const Expected<void>& result);

    void problem(const std::string& name, const std::string& what);
    void problem(const Item& item, const std::string& name, const std::string& what);
    void problem(const Text& text, const std::string& name, const std::string& what);
    void problem(const Item& item, const std::string& what);

    // Throws UsageError with all problems in order of their lines.
    void finish();

  private:
    Given given_;
};

}  // namespace tti::setup
