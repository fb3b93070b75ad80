#include "util/file.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

namespace tti::util {
namespace {

class File : public testing::Test {
  protected:
    File() { std::filesystem::create_directory(folder_); }
    ~File() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("tti-file-test-" + std::to_string(getpid()));
};

TEST_F(File, IsReadWhole) {
    const std::string content = std::string(10'000, 'x') + '\0' + "\r\n";
    std::ofstream{folder_ / "a", std::ios::binary} << content;
    EXPECT_EQ(read_file(folder_ / "a"), content);
    std::ofstream{folder_ / "empty"}.flush();
    EXPECT_EQ(read_file(folder_ / "empty"), "");
}

TEST_F(File, FailsWithTheSystemsReason) {
    EXPECT_EQ(read_file(folder_ / "absent").error(), "No such file or directory");
    EXPECT_EQ(read_file(folder_).error(), "Is a directory");
}

}  // namespace
}  // namespace tti::util
