#include "identity_server/create_eui_block.hpp"

#include "identity_server/command_parts.hpp"
#include "identity_server/eui_block_operation.hpp"
#include "identity_server/session.hpp"

namespace tti::identity_server {
namespace {

using settings::Type;

constexpr const char* configured_prefix = "is.dev-eui-block.prefix";
constexpr const char* configured_counter = "is.dev-eui-block.init-counter";

struct Source {
    const char* prefix;
    const char* counter;
};

Source source_of(const settings::Values& values) {
    if (!values.boolean("use-config")) {
        if (!values.given("prefix")) {
            throw UsageError(
                "option prefix is missing",
                "Give --prefix=70B3D57ED0000000/36, or --use-config to take the one of the settings.");
        }
        return {"prefix", "init-counter"};
    }
    for (const char* option : {"prefix", "init-counter"}) {
        require_at_most_one(values, {"use-config", option});
    }
    return {configured_prefix, configured_counter};
}

EuiBlockRequest eui_block_request(const settings::Values& values) {
    const auto [prefix_option, counter_option] = source_of(values);
    const std::string& text = values.text(prefix_option);
    const auto prefix = EuiPrefix::parse(text);
    require(values, prefix_option, text, prefix.map([](const auto&) {}));
    if (prefix->eui == 0 && !values.boolean("use-config")) {
        require(values, prefix_option, text,
                unexpected("a block of zeros has no owner; give the prefix that was assigned to you"));
    }
    const auto whole = EuiBlock::make(*prefix, 0);
    require(values, prefix_option, text, whole.map([](const auto&) {}));
    const auto block = EuiBlock::make(*prefix, values.integer(counter_option));
    require(values, counter_option, values.display(counter_option, false), block.map([](const auto&) {}));
    return {tenant_argument(values), *prefix, *block};
}

ExitCode run_create_eui_block(cli::Context& context) {
    const EuiBlockRequest request = eui_block_request(context.values);
    return run_writing(context, Tables::up_to_date, [&](Session& session) {
        return std::make_unique<EuiBlockOperation>(session, request);
    });
}

std::vector<settings::Option> eui_block_options() {
    return {
        tenant_option("tenant of the block; left out: the one that the database address names"),
        {.name = "use-config",
         .type = Type::boolean,
         .description = "take prefix and counter from is.dev-eui-block",
         .default_text = "false"},
        {.name = "eui-type",
         .description = "what the EUIs are for",
         .value_name = "TYPE",
         .default_text = "dev_eui",
         .choices = {"dev_eui"}},
        {.name = "prefix",
         .description = "prefix of the EUIs, as 70B3D57ED0000000/36",
         .value_name = "PREFIX"},
        {.name = "init-counter",
         .type = Type::integer,
         .description = "counter of the first EUI to issue",
         .value_name = "NUMBER",
         .default_text = "0"},
    };
}

}  // namespace

cli::Command create_eui_block_command() {
    return {
        .name = "create-eui-block",
        .summary = "Create a block that the stack issues DevEUIs from",
        .description =
            "A block that is there already with the same values is left alone, also when EUIs were issued "
            "from it. One "
            "with other values, or one that overlaps, is refused.",
        .options = eui_block_options(),
        .settings = with_database_settings({configured_prefix, configured_counter}),
        .examples = {{"is-db create-eui-block --prefix=70B3D57ED0000000/36",
                      "create a block of 268,435,456 DevEUIs"}},
        .effect = cli::Effect::writes,
        .run = run_create_eui_block,
    };
}

}  // namespace tti::identity_server
