#include "util/process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::util {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }
    [[nodiscard]] int get() const { return number_; }
    void reset() {
        if (number_ >= 0) {
            close(number_);
        }
        number_ = -1;
    }

  private:
    int number_;
};

struct Pipe {
    Pipe() : Pipe(make()) {}
    Descriptor read;
    Descriptor write;

  private:
    explicit Pipe(std::array<int, 2> ends) : read(ends[0]), write(ends[1]) {}
    static std::array<int, 2> make() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw Error(ExitCode::unexpected, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
        }
        return ends;
    }
};

// Pointers for execve; made before fork, because the child may not allocate.
class Words {
  public:
    explicit Words(std::vector<std::string> words) : words_(std::move(words)) {
        for (auto& word : words_) {
            pointers_.push_back(word.data());
        }
        pointers_.push_back(nullptr);
    }
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;
    ~Words() = default;
    [[nodiscard]] char* const* data() const { return pointers_.data(); }

  private:
    std::vector<std::string> words_;
    std::vector<char*> pointers_;
};

[[noreturn]] void give_up(int report, int error) {
    [[maybe_unused]] const auto written = write(report, &error, sizeof error);
    _exit(127);
}

void default_signals() {
    for (int number = 1; number < NSIG; ++number) {
        // Fails for SIGKILL and SIGSTOP, which cannot be anything else.
        [[maybe_unused]] auto* const before = std::signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool become(const Account& account) {
    return setgroups(account.groups.size(), account.groups.data()) == 0 && setgid(account.group) == 0 &&
           setuid(account.user) == 0;
}

enum class Life { ends_with_us, outlives_us };

// In the child, from fork to exec: system calls only.
[[noreturn]] void turn_into(const Program& program, Life life, const Words& arguments,
                            const Words& environment, int output, int report) {
    default_signals();
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        (!program.shares_errors && dup2(output, STDERR_FILENO) < 0)) {
        give_up(report, errno);
    }
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    if (program.keeps && fcntl(*program.keeps, F_SETFD, 0) != 0) {
        give_up(report, errno);
    }
    umask(S_IRWXG | S_IRWXO);
    if ((program.account && !become(*program.account)) || chdir("/") != 0) {
        give_up(report, errno);
    }
    // After the change of account, which clears it.
    if (life == Life::ends_with_us && prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
        give_up(report, errno);
    }
    execve(arguments.data()[0], arguments.data(), environment.data());
    give_up(report, errno);
}

[[noreturn]] void throw_not_started(const Program& program, int error) {
    throw Error(ExitCode::unexpected,
                fmt::format("cannot start {}: {}", program.arguments.front(), std::strerror(error)));
}

// The errno of a failed start; 0 when the program runs.
int read_report(Pipe& report) {
    report.write.reset();
    int error = 0;
    return read(report.read.get(), &error, sizeof error) == sizeof error ? error : 0;
}

int exit_code_of(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Reads until the other end closes or an end is asked for; whether the latter happened.
bool read_until_stopped(int output, Stop& stop, std::string& text) {
    std::array<pollfd, 2> waiting{pollfd{output, POLLIN, 0}, pollfd{stop.descriptor(), POLLIN, 0}};
    std::array<char, 4096> buffer{};
    while (!stop.requested()) {
        if (poll(waiting.data(), waiting.size(), -1) < 0 || (waiting[0].revents & (POLLIN | POLLHUP)) == 0) {
            continue;
        }
        const ssize_t size = read(output, buffer.data(), buffer.size());
        if (size <= 0) {
            return false;
        }
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return true;
}

Descriptor open_log(const std::filesystem::path& log, const std::optional<Account>& account) {
    const int file =
        open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0 || (account && fchown(file, account->user, account->group) != 0)) {
        throw Error(ExitCode::unexpected,
                    fmt::format("cannot write {}: {}", log.string(), std::strerror(errno)));
    }
    return Descriptor(file);
}

}  // namespace

Finished run(const Program& program, Stop& stop) {
    const Words arguments(program.arguments);
    const Words environment(program.environment);
    Pipe output;
    Pipe report;
    const pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        turn_into(program, Life::ends_with_us, arguments, environment, output.write.get(),
                  report.write.get());
    }
    if (child < 0) {
        throw_not_started(program, errno);
    }
    output.write.reset();
    if (const int error = read_report(report); error != 0) {
        exit_code_of(child);
        throw_not_started(program, error);
    }
    Finished finished;
    const bool stopped = read_until_stopped(output.read.get(), stop, finished.output);
    if (stopped) {
        kill(-child, SIGTERM);
    }
    finished.exit_code = exit_code_of(child);
    if (stopped) {
        throw_if_requested(stop);
    }
    return finished;
}

pid_t start_daemon(const Program& program, const std::filesystem::path& log) {
    const Words arguments(program.arguments);
    const Words environment(program.environment);
    const Descriptor output = open_log(log, program.account);
    Pipe identity;
    Pipe report;
    const pid_t child = fork();
    if (child == 0) {
        setsid();
        const pid_t daemon = fork();
        if (daemon == 0) {
            turn_into(program, Life::outlives_us, arguments, environment, output.get(), report.write.get());
        }
        [[maybe_unused]] const auto written = write(identity.write.get(), &daemon, sizeof daemon);
        _exit(0);
    }
    if (child < 0) {
        throw_not_started(program, errno);
    }
    exit_code_of(child);
    pid_t daemon = -1;
    const bool known = read(identity.read.get(), &daemon, sizeof daemon) == sizeof daemon && daemon > 0;
    if (const int error = read_report(report); error != 0 || !known) {
        throw_not_started(program, error != 0 ? error : EAGAIN);
    }
    return daemon;
}

}  // namespace tti::util
