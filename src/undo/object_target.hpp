#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/s3.hpp"
#include "operation/undo_target.hpp"

namespace tti::undo {

// An undo file in S3, which is a folder of objects there, since an object cannot grow: one for each piece,
// with numbers for names. One after the other, their bytes are the file. Each is whole or not there, goes in
// parts where it is large, is checked by its SHA-256 on the way, and replaces nothing. One that has to be
// taken back is replaced by a mark: whoever may write need not be allowed to delete.
class ObjectTarget final : public operation::UndoTarget {
  public:
    // `folder` has a slash at its end.
    ObjectTarget(std::shared_ptr<aws::S3> s3, aws::ObjectAddress folder, aws::Encryption encryption);

    [[nodiscard]] std::string display() const override;
    // Sends nothing yet: the header goes with the first piece.
    void begin(std::string_view header) override { header_ = header; }
    void begin_piece() override;
    void write(std::string_view bytes) override;
    void end_piece() override;
    void abandon_piece() override;
    void remove() noexcept override {}

  private:
    [[nodiscard]] aws::ObjectAddress address() const;
    void start_object();
    void take_back();
    template <typename Work>
    void attempt(Work work) const;

    std::shared_ptr<aws::S3> s3_;
    aws::ObjectAddress folder_;
    aws::WriteOptions options_;
    std::string header_;
    std::int64_t number_ = 0;  // of the object that was begun last
    std::optional<aws::ObjectWriter> writer_;
    bool ended_ = false;
};

// "s3://BUCKET/PREFIX/NAME.undo" of a folder with a slash at its end.
std::string display_folder(const aws::ObjectAddress& folder);
// "00000001", the name of the first object; they sort as they are numbered.
std::string object_name(std::int64_t number);

}  // namespace tti::undo
