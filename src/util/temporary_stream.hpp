#pragma once

#include <array>
#include <istream>
#include <streambuf>
#include <string>

#include "util/temporary_file.hpp"

namespace tti::util {

// What was appended to a temporary file, as a stream that can be sought in.
class TemporaryStream final : public std::istream {
  public:
    explicit TemporaryStream(TemporaryFile file);

  private:
    class Buffer final : public std::streambuf {
      public:
        explicit Buffer(TemporaryFile file) : file_(std::move(file)) {}

      protected:
        int_type underflow() override;
        pos_type seekoff(off_type offset, std::ios_base::seekdir from,
                         std::ios_base::openmode which) override;
        pos_type seekpos(pos_type position, std::ios_base::openmode which) override;

      private:
        TemporaryFile file_;
        std::string piece_;
        std::int64_t next_ = 0;  // where the piece ends in the file
    };
    Buffer buffer_;
};

}  // namespace tti::util
