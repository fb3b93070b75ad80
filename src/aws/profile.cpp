#include "aws/profile.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "util/error.hpp"
#include "util/file.hpp"
#include "util/text.hpp"

namespace tti::aws {
namespace {

class SectionReader {
  public:
    explicit SectionReader(Sections& sections) : sections_(sections) {}

    // Whether the line makes sense.
    bool line(std::string_view whole) {
        const auto text = util::trim(whole);
        if (text.empty() || text.front() == '#' || text.front() == ';') return true;
        const bool nested = whole.front() == ' ' || whole.front() == '\t';
        if (text.front() == '[') return begin(text);
        const auto equals = text.find('=');
        if (section_ == nullptr || equals == std::string_view::npos || equals == 0) return false;
        const auto name = util::lower(util::trim(text.substr(0, equals)));
        const std::string value(util::trim(text.substr(equals + 1)));
        if (!nested) parent_ = name;
        (*section_)[nested ? parent_ + "." + name : name] = value;
        return true;
    }

  private:
    bool begin(std::string_view text) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return false;
        section_ = &sections_[util::join(util::words(text.substr(1, end - 1)), " ")];
        parent_.clear();
        return true;
    }

    Sections& sections_;
    Section* section_ = nullptr;
    std::string parent_;
};

Sections read_sections(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return {};
    const auto text = util::read_file(path);
    if (!text) throw UsageError(fmt::format("{} cannot be read: {}", path.string(), text.error()));
    auto sections = parse_sections(*text);
    if (!sections) {
        throw UsageError(fmt::format("{}: {}", path.string(), sections.error()),
                         "It is one of the shared files of AWS's tools; correct that line.");
    }
    return std::move(*sections);
}

std::filesystem::path shared_file(const Surroundings& surroundings, const std::string& name,
                                  const std::string& otherwise) {
    const auto given = variable(surroundings.environment, name);
    return path_named(surroundings, given.empty() ? otherwise : given);
}

}  // namespace

Expected<Sections> parse_sections(std::string_view text) {
    Sections sections;
    SectionReader reader(sections);
    int number = 0;
    for (const auto& line : util::split(text, '\n')) {
        ++number;
        if (!reader.line(line)) {
            // Not shown: it may hold a key.
            return unexpected(
                fmt::format("line {} is neither a [section] nor NAME = VALUE within one", number));
        }
    }
    return sections;
}

Profiles::Profiles(const Surroundings& surroundings) {
    constexpr std::string_view profile = "profile ";
    constexpr std::string_view services = "services ";
    for (auto& [name, section] :
         read_sections(shared_file(surroundings, "AWS_CONFIG_FILE", "~/.aws/config"))) {
        if (name.starts_with(services)) services_[name.substr(services.size())] = section;
        if (name.starts_with(profile)) profiles_[name.substr(profile.size())] = section;
        if (name == "default") profiles_[name] = section;
    }
    const auto credentials = shared_file(surroundings, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
    for (auto& [name, section] : read_sections(credentials)) {
        auto& merged = profiles_[name];
        // A key pair is one thing: nothing of the other file's may stay beside it.
        if (section.contains("aws_access_key_id")) merged.erase("aws_session_token");
        for (auto& [key, value] : section) merged[key] = value;
    }
}

Section Profiles::profile(const std::string& name) const {
    const auto found = profiles_.find(name);
    return found == profiles_.end() ? Section() : found->second;
}

Section Profiles::services(const std::string& name) const {
    const auto found = services_.find(name);
    return found == services_.end() ? Section() : found->second;
}

std::vector<std::string> Profiles::names() const {
    std::vector<std::string> names;
    for (const auto& [name, section] : profiles_) names.push_back(name);
    return names;
}

std::string value_of(const Section& section, const std::string& name) {
    const auto found = section.find(name);
    return found == section.end() ? std::string() : found->second;
}

std::string profile_name(const Environment& environment) {
    for (const auto* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
        if (auto value = variable(environment, name); !value.empty()) return value;
    }
    return "default";
}

}  // namespace tti::aws
