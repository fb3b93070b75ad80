#include "ecs/shell_words.hpp"

#include <fmt/format.h>

namespace tti::ecs {
namespace {

class Reader {
  public:
    Reader(std::string_view text, Variables variables) : text_(text), variables_(variables) {}

    Expected<std::vector<std::string>> words() {
        while (place_ < text_.size() && problem_.empty()) step();
        if (problem_.empty() && quote_ != 0) problem_ = fmt::format("a quote ({}) is not closed", quote_);
        if (!problem_.empty()) return unexpected(problem_);
        end_word();
        return std::move(words_);
    }

  private:
    void step() {
        const char letter = text_[place_++];
        if (quote_ == '\'') {
            in_single_quotes(letter);
        } else if (letter == '\\') {
            escape();
        } else if (letter == '$' && variables_ == Variables::kept && begins_name()) {
            word_ += kept_dollar;
            begun_ = true;
        } else if (letter == '$' || letter == '`') {
            problem_ = fmt::format("{} would be replaced by a shell, and none reads this", letter);
        } else if (quote_ == '"') {
            in_double_quotes(letter);
        } else {
            outside(letter);
        }
    }

    // Whether a variable's name, bare or in braces, is what comes next.
    [[nodiscard]] bool begins_name() const {
        const auto rest = text_.substr(place_);
        const auto name = rest.starts_with('{') ? rest.substr(1) : rest;
        constexpr std::string_view beginnings = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
        return !name.empty() && beginnings.find(name.front()) != std::string_view::npos;
    }

    void in_single_quotes(char letter) {
        if (letter == '\'') {
            quote_ = 0;
        } else {
            word_ += letter;
        }
    }

    void in_double_quotes(char letter) {
        if (letter == '"') {
            quote_ = 0;
        } else {
            word_ += letter;
        }
    }

    void outside(char letter) {
        constexpr std::string_view operators = "|;&<>()*?";
        if (letter == '\'' || letter == '"') {
            quote_ = letter;
            begun_ = true;
        } else if (letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r') {
            end_word();
        } else if (operators.find(letter) != std::string_view::npos) {
            problem_ = fmt::format("{} means something to a shell, and none reads this", letter);
        } else {
            word_ += letter;
            begun_ = true;
        }
    }

    void escape() {
        if (place_ == text_.size()) {
            problem_ = "it ends with a backslash";
            return;
        }
        const char letter = text_[place_++];
        if (letter == '\n') return;
        // Within double quotes a backslash stands for itself before all but these.
        if (quote_ == '"' && std::string_view("\\\"$`").find(letter) == std::string_view::npos) word_ += '\\';
        word_ += letter;
        begun_ = true;
    }

    void end_word() {
        if (begun_) words_.push_back(std::move(word_));
        word_.clear();
        begun_ = false;
    }

    std::string_view text_;
    Variables variables_;
    std::size_t place_ = 0;
    char quote_ = 0;
    bool begun_ = false;
    std::string word_;
    std::string problem_;
    std::vector<std::string> words_;
};

}  // namespace

Expected<std::vector<std::string>> parse_shell_words(std::string_view text, Variables variables) {
    return Reader(text, variables).words();
}

}  // namespace tti::ecs
