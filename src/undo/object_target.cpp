#include "undo/object_target.hpp"

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::undo {

std::string display_folder(const aws::ObjectAddress& folder) {
    auto text = folder.display();
    if (text.ends_with('/')) text.pop_back();
    return text;
}

std::string object_name(std::int64_t number) {
    return fmt::format("{:08}", number);
}

ObjectTarget::ObjectTarget(std::shared_ptr<aws::S3> s3, aws::ObjectAddress folder, aws::Encryption encryption)
    : s3_(std::move(s3)),
      folder_(std::move(folder)),
      options_{.encryption = std::move(encryption), .looks_first = false} {}

std::string ObjectTarget::display() const {
    return display_folder(folder_);
}

aws::ObjectAddress ObjectTarget::address() const {
    return {folder_.bucket, folder_.key + object_name(number_)};
}

// What S3 says, and what that means for the run.
template <typename Work>
void ObjectTarget::attempt(Work work) const {
    try {
        work();
    } catch (const InterruptedError&) {
        throw;
    } catch (const Error& error) {
        // No UnreachableError: the database, which that would be about, is there.
        throw Error(error.code(), fmt::format("cannot write the undo file {}: {}", display(), error.what()),
                    fmt::format("What was not written stays as it is in the database. {}{}Name another place "
                                "with --undo-to, or give the same command again.",
                                error.hint(), error.hint().empty() ? "" : " "));
    }
}

void ObjectTarget::begin_piece() {
    writer_.reset();
    ended_ = false;
}

void ObjectTarget::start_object() {
    ++number_;
    writer_.emplace(*s3_, address(), options_);
    if (number_ == 1) writer_->write(header_);
}

void ObjectTarget::write(std::string_view bytes) {
    attempt([&] {
        if (!writer_) start_object();
        writer_->write(bytes);
    });
}

void ObjectTarget::end_piece() {
    attempt([this] { writer_->finish(); });
    writer_.reset();
    ended_ = true;
}

// The number of an object is used once: a late request of an earlier attempt must not reach a later batch.
void ObjectTarget::abandon_piece() {
    if (ended_) {
        attempt([this] { take_back(); });
    } else if (writer_) {
        writer_.reset();
        --number_;
    }
    ended_ = false;
}

void ObjectTarget::take_back() {
    auto options = options_;
    options.replace = true;
    const auto mark = number_ == 1 ? header_ : fmt::format("\\# {{\"taken_back\":{}}}\n", number_);
    s3_->put(address(), mark, options);
}

}  // namespace tti::undo
