#include "backup/object_place.hpp"

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::backup {
namespace {

class ObjectSink final : public Sink {
  public:
    ObjectSink(aws::S3& s3, aws::ObjectAddress address, const aws::Encryption& encryption)
        : writer_(s3, std::move(address), {.encryption = encryption, .replace = true}) {}
    void write(std::string_view bytes) override { writer_.write(bytes); }
    void finish() override { writer_.finish(); }

  private:
    aws::ObjectWriter writer_;
};

class ObjectSource final : public Source {
  public:
    ObjectSource(aws::S3& s3, aws::ObjectAddress address) : reader_(s3, std::move(address)) {}
    std::size_t read(std::span<char> to) override { return reader_.read(to); }

  private:
    aws::ObjectReader reader_;
};

}  // namespace

ObjectPlace::ObjectPlace(const cli::Context& context, const std::string& text, aws::Encryption encryption)
    : encryption_(std::move(encryption)), aws_(context), s3_(aws_.session().service("s3")) {
    auto folder = aws::parse_folder_address(text);
    if (!folder) throw UsageError(fmt::format("\"{}\": {}", text, folder.error()));
    bucket_ = std::move(folder->bucket);
    prefix_ = std::move(folder->key);
}

std::string ObjectPlace::display() const {
    auto text = aws::ObjectAddress{bucket_, prefix_}.display();
    text.pop_back();
    return text;
}

aws::ObjectAddress ObjectPlace::address(const std::string& name) const {
    return {bucket_, prefix_ + name};
}

std::vector<std::string> ObjectPlace::names() {
    std::vector<std::string> names;
    try {
        s3_.list(bucket_, prefix_, [&](const aws::ListedObject& object) {
            // A console makes an empty object of the folder's own name.
            if (object.key != prefix_) names.push_back(object.key.substr(prefix_.size()));
        });
    } catch (const InterruptedError&) {
        throw;
    } catch (const Error& error) {
        // S3 does not say of which bucket it speaks.
        throw Error(error.code(), fmt::format("cannot look into {}: {}", display(), error.what()),
                    error.hint());
    }
    return names;
}

std::unique_ptr<Sink> ObjectPlace::create(const std::string& name) {
    return std::make_unique<ObjectSink>(s3_, address(name), encryption_);
}

std::unique_ptr<Source> ObjectPlace::open(const std::string& name) {
    return std::make_unique<ObjectSource>(s3_, address(name));
}

void ObjectPlace::remove(const std::string& name) {
    s3_.remove(address(name));
}

}  // namespace tti::backup
