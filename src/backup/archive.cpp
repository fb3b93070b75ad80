#include "backup/archive.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "operation/failure_point.hpp"
#include "util/base64.hpp"
#include "util/error.hpp"
#include "util/random.hpp"
#include "util/sha256.hpp"

namespace tti::backup {
namespace {

using nlohmann::json;

constexpr std::size_t most_manifest_bytes = std::size_t{256} << 20U;  // a thousand tenants take a few MiB
constexpr std::size_t most_told_bytes = 4096;
constexpr std::size_t run_bytes = 16;
constexpr std::string_view part_ending = ".part";
constexpr const char* seal_member = "seal";
constexpr std::string_view other_place = "Name a new or empty place.";

// Counts what goes through, and takes its checksum.
class MeasuringSink final : public Sink {
  public:
    explicit MeasuringSink(Sink& to) : to_(to) {}
    void write(std::string_view bytes) override {
        to_.write(bytes);
        sha256_.update(bytes);
        size_ += static_cast<std::int64_t>(bytes.size());
    }
    void finish() override { to_.finish(); }
    FileEntry entry(const std::string& name) { return {name, size_, sha256_.hex()}; }

  private:
    Sink& to_;
    util::Sha256 sha256_;
    std::int64_t size_ = 0;
};

// Over the manifest without itself: a checksum, or with a key what only its owner can make.
std::string seal_of(const json& manifest, const std::optional<ArchiveKey>& key) {
    const auto text = manifest.dump();
    return key ? seal(key->derive("manifest", key->derivation().salt), text) : util::hex(util::sha256(text));
}

void put(Place& place, const std::string& name, std::string_view content) {
    const auto sink = place.create(name);
    sink->write(content);
    sink->finish();
}

// Whether a backup gives its files such a name; only what has one is removed.
bool is_of_an_archive(std::string_view name) {
    if (name.ends_with(part_ending)) name.remove_suffix(part_ending.size());
    constexpr std::array<std::string_view, 4> whole{manifest_name, unfinished_name, register_name, keys_name};
    if (std::ranges::find(whole, name) != whole.end()) return true;
    constexpr std::array<std::string_view, 3> components{"is.", "storage.", "noc."};
    return (name.ends_with(dump_ending) || name.ends_with(rows_ending)) &&
           name.find('/') == std::string_view::npos &&
           std::ranges::any_of(components,
                               [name](std::string_view component) { return name.starts_with(component); });
}

[[noreturn]] void not_whole(const Place& place, std::string_view why, std::string hint) {
    throw UsageError(fmt::format("{} holds no whole backup: {}", place.display(), why), std::move(hint));
}

json read_manifest_json(Place& place) {
    const auto state = look_at(place);
    if (state.kind == PlaceState::Kind::unfinished) {
        not_whole(place, fmt::format("one was begun there ({}) and not finished", state.told),
                  "Give the backup command again; it replaces what is there.");
    }
    if (state.kind != PlaceState::Kind::archive) {
        not_whole(place, "there is no manifest.json", "Name the folder that a backup was written to.");
    }
    auto data = json::parse(read_all(*place.open(manifest_name), most_manifest_bytes), nullptr, false);
    if (!data.is_object()) {
        not_whole(place, "its manifest.json is no JSON object", "Take another copy of the archive.");
    }
    return data;
}

std::optional<ArchiveKey> key_of(const Place& place, const Manifest& manifest,
                                 const std::optional<Secret>& secret) {
    if (!manifest.encryption && !secret) return {};
    // Who took the encryption off may have put anything there.
    if (!manifest.encryption) {
        throw UsageError(
            fmt::format("the archive in {} is not encrypted, though a key is given for it", place.display()),
            "Leave out --key-from if that is how it was made; else take another copy of it.");
    }
    if (!secret) {
        throw UsageError(fmt::format("the archive in {} is encrypted", place.display()),
                         "Name its key with --key-from file:PATH or --key-from env:NAME.");
    }
    auto key = ArchiveKey::recover(*secret, *manifest.encryption);
    if (!key) {
        throw UsageError(fmt::format("the archive in {} cannot be opened: {}", place.display(), key.error()),
                         "Name the key that the backup was made with: --key-from file:PATH or --key-from "
                         "env:NAME.");
    }
    return *std::move(key);
}

}  // namespace

PlaceState look_at(Place& place) {
    PlaceState state{.names = place.names()};
    const auto has = [&state](std::string_view name) {
        return std::ranges::find(state.names, name) != state.names.end();
    };
    if (state.names.empty()) return state;
    const auto foreign = std::ranges::find_if_not(state.names, is_of_an_archive);
    if (has(manifest_name)) {
        state.kind = PlaceState::Kind::archive;
    } else if (foreign != state.names.end()) {
        state.kind = PlaceState::Kind::others;
        state.foreign = *foreign;
    } else if (has(unfinished_name)) {
        state.kind = PlaceState::Kind::unfinished;
        const auto told =
            json::parse(read_all(*place.open(unfinished_name), most_told_bytes), nullptr, false);
        if (told.is_object()) state.told = told.value("told", "");
    } else {
        // The mark itself may have been half written: nothing else is there then.
        const bool ours =
            state.names.size() == 1 && has(std::string(unfinished_name) + std::string(part_ending));
        if (!ours) state.foreign = state.names.front();
        state.kind = ours ? PlaceState::Kind::unfinished : PlaceState::Kind::others;
    }
    return state;
}

std::string reason_against(const PlaceState& state, const Place& place) {
    switch (state.kind) {
        case PlaceState::Kind::archive:
            return fmt::format("{} holds a whole backup already", place.display());
        case PlaceState::Kind::others:
            return fmt::format("{} is not empty, and {} there is not of an unfinished backup",
                               place.display(), state.foreign);
        default:
            return {};
    }
}

void ArchiveWriter::begin(const std::string& told) {
    place_.open_for_writing();
    const auto found = look_at(place_);
    if (const auto reason = reason_against(found, place_); !reason.empty()) {
        throw RefusedError(reason, std::string(other_place));
    }
    mark_ = json{{"format", manifest_format},
                 {"told", told},
                 {"run", util::base64_url(util::random_bytes(run_bytes))}}
                .dump() +
            "\n";
    put(place_, unfinished_name, mark_);
    if (found.kind != PlaceState::Kind::unfinished) return;
    for (const auto& name : found.names) {
        if (name != unfinished_name) place_.remove(name);
    }
}

// A place without a lock may have been taken over meanwhile.
void ArchiveWriter::require_mark() {
    const auto names = place_.names();
    if (std::ranges::find(names, unfinished_name) != names.end() &&
        read_all(*place_.open(unfinished_name), most_told_bytes) == mark_) {
        return;
    }
    throw LockedError(fmt::format("another backup is being written to {}", place_.display()),
                      "Name another place for one of them.");
}

std::int64_t ArchiveWriter::add(const std::string& name, const std::function<void(Sink&)>& write) {
    const auto file = place_.create(name);
    MeasuringSink measured(*file);
    if (key_) {
        const auto sealed = encrypting(measured, *key_, name);
        write(*sealed);
        require_mark();
        sealed->finish();
    } else {
        write(measured);
        require_mark();
        measured.finish();
    }
    files_.push_back(measured.entry(name));
    return files_.back().size;
}

void ArchiveWriter::finish(Manifest manifest) {
    manifest.files = files_;
    if (key_) manifest.encryption = key_->derivation();
    auto data = to_json(manifest);
    data[seal_member] = seal_of(data, key_);
    operation::failure_point("before manifest");
    require_mark();
    put(place_, manifest_name, data.dump(2) + "\n");
    operation::failure_point("after manifest");
    place_.remove(unfinished_name);
}

ArchiveReader::ArchiveReader(Place& place, const std::optional<Secret>& secret) : place_(place) {
    auto data = read_manifest_json(place);
    auto manifest = parse_manifest(data);
    if (!manifest) {
        throw UsageError(
            fmt::format("the manifest in {}: {}", place.display(), manifest.error()),
            "Use the release of tti-lw-stack that wrote it, or take another copy of the archive.");
    }
    manifest_ = *std::move(manifest);
    key_ = key_of(place, manifest_, secret);
    const json written = data.value(seal_member, json());
    data.erase(seal_member);
    if (written != json(seal_of(data, key_))) {
        throw UsageError(fmt::format("the manifest in {} was damaged or changed", place.display()),
                         "Take another copy of the archive.");
    }
}

void ArchiveReader::read(const std::string& name, const std::function<void(Source&)>& work) {
    const auto file = place_.open(name);
    if (!key_) return work(*file);
    const auto plain = decrypting(*file, *key_, name);
    work(*plain);
}

void ArchiveReader::check(const FileEntry& file, const std::function<void(std::int64_t)>& progress) {
    const auto source = place_.open(file.name);
    util::Sha256 sha256;
    std::int64_t size = 0;
    std::string buffer(chunk_bytes, '\0');
    while (const auto read = source->read(buffer)) {
        sha256.update({buffer.data(), read});
        size += static_cast<std::int64_t>(read);
        progress(static_cast<std::int64_t>(read));
    }
    if (size == file.size && sha256.hex() == file.sha256) return;
    throw UsageError(
        fmt::format("{} of the archive in {} was damaged or changed: {}", file.name, place_.display(),
                    size == file.size ? "its SHA-256 is another one"
                                      : fmt::format("it has {} bytes, not {}", size, file.size)),
        "Take another copy of the archive.");
}

}  // namespace tti::backup
