#include "support/aws_server.hpp"

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace tti::test {
namespace {

constexpr auto python_program = TTI_AWS_MODULES "/bin/python";
constexpr auto prologue = R"(
import sys, boto3
def client(name):
    return boto3.client(name, endpoint_url=sys.argv[1], region_name='eu-west-1', aws_access_key_id='test',
                        aws_secret_access_key='test')
)";

}  // namespace

AwsServer::AwsServer() : folder_(make_folder("tti-aws-")), port_(free_port()) {
    const auto log = folder_ / "log";
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{python_program, TTI_TESTS "/support/aws_server.py", std::to_string(port_)},
        log, RunAs::caller);
    for (int tries = 0; content(log).find("ready") == std::string::npos; ++tries) {
        constexpr int most_tries = 1200;
        if (tries > most_tries || !process_->running()) {
            throw std::runtime_error("moto did not start: " + content(log));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

AwsServer::~AwsServer() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string AwsServer::python(const std::string& script) const {
    const auto file = folder_ / "script.py";
    const auto output = folder_ / "output";
    std::ofstream(file) << prologue << script;
    std::filesystem::remove(output);
    ChildProcess process({python_program, file, url()}, output, RunAs::caller);
    if (process.wait() != 0) throw std::runtime_error("Python failed: " + content(output));
    return content(output);
}

}  // namespace tti::test
