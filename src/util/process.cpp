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
#include <sys/socket.h>
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

// What the child reads from and writes to; no input is /dev/null.
struct Ends {
    std::optional<int> input;
    int output = -1;
    int error = -1;
};

// In the child, from fork to exec: system calls only.
[[noreturn]] void turn_into(const Program& program, Life life, const Words& arguments,
                            const Words& environment, const Ends& ends, int report) {
    default_signals();
    const int input = ends.input ? *ends.input : open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(ends.output, STDOUT_FILENO) < 0 ||
        (!program.shares_errors && dup2(ends.error, STDERR_FILENO) < 0)) {
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

void require_started(const Program& program, pid_t child, Pipe& report) {
    if (child < 0) throw_not_started(program, errno);
    if (const int error = read_report(report); error != 0) {
        exit_code_of(child);
        throw_not_started(program, error);
    }
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
        turn_into(program, Life::ends_with_us, arguments, environment,
                  {{}, output.write.get(), output.write.get()}, report.write.get());
    }
    require_started(program, child, report);
    output.write.reset();
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

namespace {

// Ends with its children, however we leave.
class Child {
  public:
    explicit Child(pid_t process) : process_(process) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (process_ <= 0) return;
        kill(-process_, SIGTERM);
        exit_code_of(process_);
    }
    int wait() { return exit_code_of(std::exchange(process_, -1)); }

  private:
    pid_t process_;
};

// Its standard input: a socket, since writing to a pipe that nobody reads any more would end us (SIGPIPE).
class Feed {
  public:
    Feed() : Feed(make()) {}
    [[nodiscard]] int childs_end() const { return theirs_.get(); }
    void close_childs_end() { theirs_.reset(); }
    void end() { ours_.reset(); }
    // -1 where there is nothing more to write.
    [[nodiscard]] int descriptor() const { return ours_.get(); }

    // Writes what fits, and asks for more when all has gone.
    void write(const std::function<bool(std::string&)>& produce) {
        if (at_ == bytes_.size()) {
            bytes_.clear();
            at_ = 0;
            if (!produce(bytes_)) return end();
        }
        const auto size =
            send(ours_.get(), bytes_.data() + at_, bytes_.size() - at_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (size >= 0) {
            at_ += static_cast<std::size_t>(size);
        } else if (errno != EAGAIN && errno != EINTR) {
            end();  // it has gone, and says why in its own words
        }
    }

  private:
    explicit Feed(std::array<int, 2> ends) : ours_(ends[0]), theirs_(ends[1]) {}
    static std::array<int, 2> make() {
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            throw Error(ExitCode::unexpected, fmt::format("cannot make a socket: {}", std::strerror(errno)));
        }
        return ends;
    }

    Descriptor ours_;
    Descriptor theirs_;
    std::string bytes_;
    std::size_t at_ = 0;
};

// Hands on what is there; closes at the end.
void drain(Descriptor& from, const std::function<void(std::string_view)>& take) {
    constexpr std::size_t portion = std::size_t{1} << 16U;
    static thread_local std::array<char, portion> buffer;
    const ssize_t size = read(from.get(), buffer.data(), buffer.size());
    if (size > 0) {
        take({buffer.data(), static_cast<std::size_t>(size)});
    } else if (size == 0 || errno != EINTR) {
        from.reset();
    }
}

void serve(Descriptor& output, Descriptor& error, Feed& feed, const Streams& streams, std::string& said,
           Stop& stop) {
    constexpr short readable = POLLIN | POLLHUP | POLLERR;
    while (output.get() >= 0 || error.get() >= 0) {
        throw_if_requested(stop);
        std::array<pollfd, 4> waiting{pollfd{output.get(), POLLIN, 0}, pollfd{error.get(), POLLIN, 0},
                                      pollfd{feed.descriptor(), POLLOUT, 0},
                                      pollfd{stop.descriptor(), POLLIN, 0}};
        if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
        if ((waiting[0].revents & readable) != 0) drain(output, streams.output);
        if ((waiting[1].revents & readable) != 0) {
            drain(error, [&said](std::string_view bytes) { said += bytes; });
        }
        if (waiting[2].revents != 0) feed.write(streams.input);
    }
}

}  // namespace

Finished run(const Program& program, const Streams& streams, Stop& stop) {
    const Words arguments(program.arguments);
    const Words environment(program.environment);
    Pipe output;
    Pipe error;
    Pipe report;
    Feed feed;
    const pid_t process = fork();
    if (process == 0) {
        setpgid(0, 0);
        turn_into(program, Life::ends_with_us, arguments, environment,
                  {feed.childs_end(), output.write.get(), error.write.get()}, report.write.get());
    }
    require_started(program, process, report);
    Child child(process);
    output.write.reset();
    error.write.reset();
    feed.close_childs_end();
    Finished finished;
    serve(output.read, error.read, feed, streams, finished.output, stop);
    finished.exit_code = child.wait();
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
            turn_into(program, Life::outlives_us, arguments, environment, {{}, output.get(), output.get()},
                      report.write.get());
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
