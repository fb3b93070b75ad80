#include "support/child_process.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tti::test {
namespace {

// Of user postgres, whom the servers run as under root; null where this process is not root.
const passwd* server_user() {
    return geteuid() == 0 ? getpwnam("postgres") : nullptr;
}

[[noreturn]] void become(std::vector<char*>& arguments, const char* log, const passwd* user, pid_t parent) {
    const int output = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(input, STDIN_FILENO);
    if (user != nullptr && (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
                            setuid(user->pw_uid) != 0)) {
        _exit(126);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // After setuid, which clears it. SIGQUIT makes PostgreSQL leave at once.
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (getppid() != parent) {
        _exit(125);
    }
    execvp(arguments[0], arguments.data());
    _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log,
                           RunAs run_as) {
    std::vector<std::string> copies = command;
    std::vector<char*> arguments;
    for (std::string& argument : copies) {
        arguments.push_back(argument.data());
    }
    arguments.push_back(nullptr);
    const passwd* user = run_as == RunAs::postgres ? server_user() : nullptr;
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
        become(arguments, log.c_str(), user, parent);
    }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : pid_(other.pid_) {
    other.pid_ = -1;
}

ChildProcess::~ChildProcess() {
    end(SIGQUIT);
}

bool ChildProcess::running() {
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) != 0) {
        pid_ = -1;
    }
    return pid_ > 0;
}

void ChildProcess::end(int signal) {
    if (pid_ > 0) {
        kill(pid_, signal);
        wait();
    }
}

int ChildProcess::wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void run(const std::vector<std::string>& command, const std::filesystem::path& log) {
    ChildProcess child(command, log);
    if (child.wait() != 0) {
        std::ostringstream output;
        output << command.front() << " failed: " << std::ifstream(log).rdbuf();
        throw std::runtime_error(output.str());
    }
}

std::filesystem::path make_folder(const std::string& prefix) {
    std::string name = (std::filesystem::temp_directory_path() / (prefix + "XXXXXX")).string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot create a folder for a test server");
    }
    const passwd* user = server_user();
    if (user != nullptr && chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) {
        throw std::runtime_error("cannot give " + name + " to user postgres");
    }
    return name;
}

int free_port() {
    const int socket_descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool bound = bind(socket_descriptor, generic, length) == 0 &&
                       getsockname(socket_descriptor, generic, &length) == 0;
    close(socket_descriptor);
    if (!bound) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

std::string content(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace tti::test
