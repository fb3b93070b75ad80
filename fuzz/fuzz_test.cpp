#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "entries.hpp"

// What the fuzzer does with coverage to guide it, here blindly but in every build: the corpus, and mutations
// of it that are the same in every run.

namespace tti::fuzz {
namespace {

constexpr int mutations = 20000;

std::vector<std::string> corpus(std::string_view name) {
    std::vector<std::filesystem::path> paths;
    for (const auto& file :
         std::filesystem::directory_iterator(std::filesystem::path(TTI_FUZZ_CORPUS) / name)) {
        paths.push_back(file.path());
    }
    std::ranges::sort(paths);
    std::vector<std::string> inputs;
    for (const auto& path : paths) {
        std::ostringstream content;
        content << std::ifstream(path, std::ios::binary).rdbuf();
        inputs.push_back(content.str());
    }
    return inputs;
}

class Mutator {
  public:
    std::string operator()(const std::vector<std::string>& inputs) {
        std::string input = inputs[below(inputs.size())];
        for (std::size_t change = below(4) + 1; change > 0; --change) {
            mutate(input, inputs);
        }
        return input;
    }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    void mutate(std::string& input, const std::vector<std::string>& inputs) {
        const std::size_t at = below(input.size() + 1);
        switch (below(6)) {
            case 0:
                input.resize(at);
                break;
            case 1:
                input.insert(at, 1, static_cast<char>(below(256)));
                break;
            case 2:
                input.erase(at, below(8));
                break;
            case 3:
                input.insert(at, inputs[below(inputs.size())]);
                break;
            case 4:
                input.insert(at, input.substr(at, below(16)));
                break;
            default:
                if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        }
    }

    std::minstd_rand random_{1};
};

class Fuzz : public testing::TestWithParam<Entry> {};

TEST_P(Fuzz, KeepsItsPromises) {
    const auto inputs = corpus(GetParam().name);
    ASSERT_FALSE(inputs.empty());
    for (const std::string& input : inputs) {
        EXPECT_NO_THROW(GetParam().run(input));
    }
    Mutator mutator;
    for (int time = 0; time < mutations; ++time) {
        const std::string input = mutator(inputs);
        ASSERT_NO_THROW(GetParam().run(input)) << testing::PrintToString(input);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Fuzz, testing::ValuesIn(entries),
                         [](const auto& entry) { return std::string(entry.param.name); });

}  // namespace
}  // namespace tti::fuzz
