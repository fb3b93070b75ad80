#include "lorawan/structure_json.hpp"

#include <bit>

#include "lorawan/value_text.hpp"
#include "lorawan/wire.hpp"
#include "util/secret.hpp"

namespace tti::lorawan {
namespace {

using Json = nlohmann::ordered_json;
using wire::Field;

constexpr int deepest = 64;

// Struct: repeated entries (1) of key (1) and Value (2). Value: null 1, number 2, text 3, bool 4, Struct 5,
// ListValue 6, whose field 1 are Values.
class Reader {
  public:
    explicit Reader(bool masked) : masked_(masked) {}

    Json structure(std::string_view message, int depth) {
        Json object = Json::object();
        each(message, [&](const Field& entry) {
            if (entry.number != 1) return;
            std::string name;
            Json content;
            each(entry.content, [&](const Field& field) {
                if (field.number == 1) name = readable(field.content);
                if (field.number == 2) content = value(field.content, depth + 1);
            });
            object[name] = std::move(content);
        });
        return object;
    }

    [[nodiscard]] const std::string& fault() const { return fault_; }

  private:
    template <typename Each>
    void each(std::string_view message, Each use) {
        wire::Reader reader(message);
        for (Field field; reader.read(field);) {
            use(field);
        }
        if (!reader.error().empty()) fault_ = reader.error();
    }

    Json list(std::string_view message, int depth) {
        Json list = Json::array();
        each(message, [&](const Field& field) {
            if (field.number == 1) list.push_back(value(field.content, depth + 1));
        });
        return list;
    }

    Json value(std::string_view message, int depth) {
        Json json;
        if (depth > deepest) {
            fault_ = "values are nested too deeply";
            return json;
        }
        each(message, [&](const Field& field) { json = part(field, depth); });
        return json;
    }

    Json part(const Field& field, int depth) {
        switch (field.number) {
            case 2:
                return std::bit_cast<double>(field.scalar);
            case 3:
                return masked_ ? std::string(Secret::mask) : readable(field.content);
            case 4:
                return field.scalar != 0;
            case 5:
                return structure(field.content, depth + 1);
            case 6:
                return list(field.content, depth + 1);
            default:
                return nullptr;
        }
    }

    bool masked_;
    std::string fault_;
};

}  // namespace

Expected<Json> structure_to_json(std::string_view message, bool masked) {
    Reader reader(masked);
    Json json = reader.structure(message, 0);
    if (!reader.fault().empty()) return unexpected(reader.fault());
    return json;
}

}  // namespace tti::lorawan
