#include "util/temporary_stream.hpp"

#include <algorithm>

namespace tti::util {
namespace {

constexpr std::int64_t piece_size = std::int64_t{64} << 10U;

}  // namespace

TemporaryStream::TemporaryStream(TemporaryFile file) : std::istream(nullptr), buffer_(std::move(file)) {
    rdbuf(&buffer_);
}

TemporaryStream::Buffer::int_type TemporaryStream::Buffer::underflow() {
    if (gptr() < egptr()) return traits_type::to_int_type(*gptr());
    const auto size = std::min(piece_size, file_.size() - next_);
    if (size <= 0) return traits_type::eof();
    piece_.clear();
    file_.read(next_, static_cast<std::size_t>(size), piece_);
    next_ += size;
    setg(piece_.data(), piece_.data(), piece_.data() + piece_.size());
    return traits_type::to_int_type(*gptr());
}

TemporaryStream::Buffer::pos_type TemporaryStream::Buffer::seekoff(off_type offset,
                                                                   std::ios_base::seekdir from,
                                                                   std::ios_base::openmode which) {
    const std::int64_t here = next_ - (egptr() - gptr());
    if (from == std::ios_base::cur && offset == 0) return here;
    const auto base = from == std::ios_base::beg ? 0 : from == std::ios_base::cur ? here : file_.size();
    return seekpos(base + offset, which);
}

TemporaryStream::Buffer::pos_type TemporaryStream::Buffer::seekpos(pos_type position,
                                                                   std::ios_base::openmode /*which*/) {
    const std::int64_t wanted = position;
    if (wanted < 0 || wanted > file_.size()) return off_type(-1);
    next_ = wanted;
    setg(nullptr, nullptr, nullptr);
    return position;
}

}  // namespace tti::util
