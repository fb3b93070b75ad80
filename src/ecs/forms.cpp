#include "ecs/forms.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ecs/shell_words.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

using nlohmann::json;

bool is_control(char letter) {
    constexpr char first_printable = ' ';
    constexpr char del = '\x7F';
    return (letter >= 0 && letter < first_printable) || letter == del;
}

Expected<Words> words_in(const json& array) {
    constexpr auto accepted =
        R"(accepted: a JSON array of texts, such as ["tti-lw-stack","is-db","migrate"])";
    if (!array.is_array() || array.empty()) return unexpected(accepted);
    Words words;
    for (const auto& item : array) {
        if (!item.is_string()) return unexpected(accepted);
        words.push_back(item.get<std::string>());
    }
    return words;
}

// The value of "--name VALUE" or "--name=VALUE".
Expected<std::string> option_in(const Words& words, const std::string& name) {
    for (std::size_t place = 0; place < words.size(); ++place) {
        if (words[place].starts_with(name + "=")) return words[place].substr(name.size() + 1);
        if (words[place] == name && place + 1 < words.size()) return words[place + 1];
    }
    return unexpected(fmt::format("it has no {}", name));
}

json network_configuration(const RunArguments& where) {
    return {{"awsvpcConfiguration",
             {{"subnets", where.subnets},
              {"securityGroups", json::array({where.security_group})},
              {"assignPublicIp", "DISABLED"}}}};
}

// All but the command are words as a shell reads them.
Expected<std::string> call_with(std::span<const std::string> command, const std::string& task_definition,
                                const std::string& cluster, const std::string& network) {
    auto array = json_array(command);
    if (!array) return array;
    const auto overrides =
        fmt::format(R"({{"containerOverrides":[{{"name":"{}","command":{}}}]}})", container_name, *array);
    return fmt::format(
        "aws ecs run-task --task-definition {} --cluster {} --launch-type FARGATE --network-configuration {} "
        "--overrides {}",
        task_definition, cluster, network, util::shell_quoted(overrides));
}

}  // namespace

Expected<std::string> console_line(std::span<const std::string> command) {
    for (const auto& word : command) {
        if (word.empty()) return unexpected("an empty argument is lost between two commas");
        if (word.find(',') != std::string::npos) {
            return unexpected(fmt::format("{:?} holds a comma, which would end the argument", word));
        }
        if (std::any_of(word.begin(), word.end(), is_control)) {
            return unexpected(fmt::format("{:?} holds a control character", word));
        }
        if (util::trim(word) != word) {
            return unexpected(fmt::format("{:?} begins or ends with a space, which the Console drops", word));
        }
    }
    return util::join(command, ",");
}

Expected<std::string> json_array(std::span<const std::string> command) {
    try {
        return json(Words(command.begin(), command.end())).dump();
    } catch (const json::type_error&) {
        return unexpected("an argument is not UTF-8");
    }
}

Expected<std::string> run_task_call(std::span<const std::string> command, const RunArguments& where) {
    return call_with(command, util::shell_quoted(where.task_definition), util::shell_quoted(where.cluster),
                     util::shell_quoted(network_configuration(where).dump()));
}

Expected<std::string> run_task_call(std::span<const std::string> command) {
    return call_with(command, R"("$TASK_DEFINITION")", R"("$CLUSTER_NAME")",
                     R"("awsvpcConfiguration={subnets=[$SUBNET_ONE,$SUBNET_TWO],)"
                     R"(securityGroups=[$SECURITY_GROUP],assignPublicIp=DISABLED}")");
}

Expected<Words> parse_console_line(std::string_view text) {
    Words words;
    for (const auto& part : util::split(text, ',')) {
        const auto word = util::trim(part);
        if (word.empty()) return unexpected("an argument between two commas is empty");
        if (std::any_of(word.begin(), word.end(), is_control))
            return unexpected("it holds a line break or another control character");
        words.emplace_back(word);
    }
    return words;
}

Expected<Words> parse_json_array(std::string_view text) {
    return words_in(json::parse(text, nullptr, false));
}

Expected<Words> parse_run_task_call(std::string_view text) {
    const auto words = parse_shell_words(text, Variables::kept);
    if (!words) return unexpected(words.error());
    const Words beginning{"aws", "ecs", "run-task"};
    if (words->size() < beginning.size() || !std::equal(beginning.begin(), beginning.end(), words->begin())) {
        return unexpected("it does not begin with: aws ecs run-task");
    }
    const auto overrides = option_in(*words, "--overrides");
    if (!overrides) return unexpected(overrides.error());
    if (overrides->find(kept_dollar) != std::string::npos) {
        return unexpected("its --overrides hold a $ that a shell would replace, and none reads this");
    }
    const auto parsed = json::parse(*overrides, nullptr, false);
    const auto containers = parsed.is_object() && parsed.contains("containerOverrides")
                                ? parsed.at("containerOverrides")
                                : json::array();
    for (const auto& container : containers) {
        if (container.is_object() && container.contains("name") && container.at("name") == container_name &&
            container.contains("command")) {
            return words_in(container.at("command"));
        }
    }
    return unexpected(fmt::format("its --overrides have no command for container {}", container_name));
}

}  // namespace tti::ecs
