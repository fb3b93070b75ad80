#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace tti::util {

// A file without a name, which is gone with the process however that ends. Made with the first bytes, in the
// temporary folder (TMPDIR); RefusedError where that does not take them.
class TemporaryFile {
  public:
    // Where they begin in the file.
    std::int64_t append(std::string_view bytes);
    // Appends `size` bytes from `offset` on.
    void read(std::int64_t offset, std::size_t size, std::string& to) const;

    [[nodiscard]] std::int64_t size() const { return size_; }

  private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{nullptr, std::fclose};
    std::int64_t size_ = 0;
};

}  // namespace tti::util
