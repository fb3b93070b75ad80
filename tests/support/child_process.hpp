#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tti::test {

// Whom a program runs as where this process is root's: the servers of databases refuse root.
enum class RunAs { postgres, caller };

// A program that ends when this process does, however that happens.
class ChildProcess {
  public:
    // Output and errors go to `log`.
    ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log,
                 RunAs user = RunAs::postgres);
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;
    ~ChildProcess();
    [[nodiscard]] bool running();
    // Sends the signal and waits for the end.
    void end(int signal);
    // Waits for the end; the exit status, -1 when a signal ended it.
    int wait();

  private:
    pid_t pid_ = -1;
};

// Runs to the end; throws std::runtime_error with the output when it fails.
void run(const std::vector<std::string>& command, const std::filesystem::path& log);

// A new folder below the system's temporary one, owned by the user that ChildProcess runs as.
std::filesystem::path make_folder(const std::string& prefix);
// What is in the file now; empty where there is none.
std::string content(const std::filesystem::path& path);

// A loopback port that nobody listens on now.
int free_port();

}  // namespace tti::test
