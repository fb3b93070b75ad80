#include "settings/resolve.hpp"

#include <cstdlib>

#include <gmock/gmock.h>

#include "settings/catalogue.hpp"
#include "temporary_folder.hpp"
#include "util/error.hpp"

namespace tti::settings {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ns;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using List = std::vector<std::string>;
using Flags = std::vector<FlagText>;

class Resolve : public testing::Test {
  protected:
    Resolve() {
        std::filesystem::create_directory(surroundings_.working_directory);
        surroundings_.environment["HOME"] = (folder_.path() / "home").string();
    }

    void set(const std::string& variable, const std::string& text) {
        surroundings_.environment[variable] = text;
    }
    [[nodiscard]] Resolution resolve_all(const Flags& given = {}) const {
        return resolve(catalogue(), command_flags_, given, surroundings_);
    }
    [[nodiscard]] std::string message_of(const Flags& given = {}) const {
        try {
            (void)resolve_all(given);
        } catch (const UsageError& error) {
            EXPECT_FALSE(error.hint().empty());
            return error.what();
        }
        ADD_FAILURE() << "nothing was refused";
        return {};
    }
    [[nodiscard]] List warnings(const Flags& given = {}) const {
        List messages;
        for (const Warning& warning : resolve_all(given).warnings) messages.push_back(warning.message);
        return messages;
    }

    TemporaryFolder folder_;
    Surroundings surroundings_{{}, folder_.path() / "work"};
    std::vector<Option> command_flags_{
        {.name = "id", .description = "x"},
        {.name = "count", .type = Type::integer, .description = "x"},
        {.name = "names", .type = Type::list, .description = "x"},
        {.name = "force", .type = Type::boolean, .description = "x"},
        {.name = "password", .type = Type::secret_text, .description = "x"},
    };
};

TEST_F(Resolve, StartsWithDefaults) {
    const Resolution resolution = resolve_all();
    EXPECT_EQ(resolution.values.duration("is.delete.restore"), 24h);
    EXPECT_FALSE(resolution.values.given("is.delete.restore"));
    EXPECT_FALSE(resolution.values.has("id"));
    EXPECT_THAT(resolution.files, IsEmpty());
    EXPECT_THAT(resolution.warnings, IsEmpty());
}

TEST_F(Resolve, LetsFlagsGoBeforeVariablesBeforeFiles) {
    const std::string file = folder_.write("work/.ttn-lw-stack.yml", "tenancy:\n  default-id: file\n");
    const auto expect = [&](const Flags& given, const std::string& text, const std::string& where,
                            Origin origin) {
        const Resolution resolution = resolve_all(given);
        EXPECT_EQ(resolution.values.text("tenancy.default-id"), text);
        EXPECT_EQ(resolution.values.source("tenancy.default-id").where, where);
        EXPECT_EQ(resolution.values.source("tenancy.default-id").origin, origin);
    };
    expect({}, "file", file + " line 2", Origin::file);
    set("TTN_LW_TENANCY_DEFAULT_ID", "variable");
    expect({}, "variable", "variable TTN_LW_TENANCY_DEFAULT_ID", Origin::environment);
    expect({{"tenancy.default-id", "flag"}}, "flag", "flag --tenancy.default-id", Origin::flag);
    set("TTN_LW_TENANCY_DEFAULT_ID", "");
    expect({}, "", "variable TTN_LW_TENANCY_DEFAULT_ID", Origin::environment);
}

TEST_F(Resolve, ReadsTheCommandsFlagsFromTheCommandLineAlone) {
    folder_.write("work/.ttn-lw-stack.yml", "id: file\n");
    set("TTN_LW_ID", "variable");
    EXPECT_FALSE(resolve_all().values.has("id"));
    EXPECT_EQ(resolve_all({{"id", "flag"}}).values.text("id"), "flag");
}

TEST_F(Resolve, LetsTheLastOfRepeatedFlagsCountAndListsGrow) {
    const Resolution resolution = resolve_all(
        {{"id", "first"}, {"names", "a,\"b,c\""}, {"id", "last"}, {"names", "d"}, {"force", "true"}});
    EXPECT_EQ(resolution.values.text("id"), "last");
    EXPECT_EQ(resolution.values.list("names"), (List{"a", "b,c", "d"}));
    EXPECT_TRUE(resolution.values.boolean("force"));
    EXPECT_FALSE(resolve_all({{"force", "false"}}).values.boolean("force"));
    EXPECT_EQ(message_of({{"count", "x"}, {"count", "1"}}).substr(0, 34),
              "option count = \"x\", \"1\" (flag --co");
}

// default files

TEST_F(Resolve, MergesTheDefaultFilesAndTheFirstWins) {
    const std::string first = folder_.write("work/.ttn-lw-stack.yml", "log.level: debug\n");
    const std::string second =
        folder_.write("home/.ttn-lw-stack.yml", "log: {level: warn, format: json}\noutput:\n");
    const std::string third =
        folder_.write("home/.config/.ttn-lw-stack.yml",
                      "log: {level: error, format: console}\noutput: json\ntenancy.default-id: x\n");
    const Resolution resolution = resolve_all();
    EXPECT_EQ(resolution.values.text("log.level"), "debug");
    EXPECT_EQ(resolution.values.text("log.format"), "json");
    EXPECT_EQ(resolution.values.text("output"), "json") << "a key without value is absent";
    EXPECT_EQ(resolution.values.source("tenancy.default-id").where, third + " line 3");
    EXPECT_THAT(resolution.files, ElementsAre(first, second, third));
}

TEST_F(Resolve, LooksIntoXdgConfigHome) {
    folder_.write("home/.config/.ttn-lw-stack.yml", "tenancy.default-id: wrong\n");
    folder_.write("xdg/.ttn-lw-stack.yml", "tenancy.default-id: right\n");
    set("XDG_CONFIG_HOME", (folder_.path() / "xdg").string());
    EXPECT_EQ(resolve_all().values.text("tenancy.default-id"), "right");
}

TEST_F(Resolve, SkipsDefaultFilesThatAreNone) {
    std::filesystem::create_directories(folder_.path() / "work/.ttn-lw-stack.yml");
    EXPECT_THAT(resolve_all().files, IsEmpty());
}

// named files

TEST_F(Resolve, ReadsNamedFilesInsteadOfDefaultOnes) {
    folder_.write("work/.ttn-lw-stack.yml", "log.format: json\n");
    folder_.write("work/a.toml", "{\"log.level\": \"error\", \"tenancy\": {\"default-id\": \"a\"}}");
    const std::string other = folder_.write("b c.yml", "log.level: warn\noutput: json\n");
    const auto expect = [&](const Flags& given) {
        const Resolution resolution = resolve_all(given);
        EXPECT_EQ(resolution.values.text("log.level"), "error") << "the first wins";
        EXPECT_EQ(resolution.values.text("log.format"), "console");
        EXPECT_EQ(resolution.values.text("tenancy.default-id"), "a");
        EXPECT_EQ(resolution.values.source("log.level").where, "a.toml line 1");
        EXPECT_THAT(resolution.files, ElementsAre("a.toml", other));
        EXPECT_EQ(resolution.values.list("config"), (List{"a.toml", other}));
    };
    expect({{"config", "a.toml"}, {"config", other}});
    expect({{"config", "a.toml," + other}});
}

TEST_F(Resolve, ReadsTheFilesThatTheVariableNames) {
    folder_.write("work/a.yml", "log.level: error\n");
    folder_.write("work/b.yml", "output: json\n");
    set("TTN_LW_CONFIG", " a.yml\tb.yml ");
    EXPECT_THAT(resolve_all().files, ElementsAre("a.yml", "b.yml"));
    EXPECT_EQ(resolve_all().values.text("output"), "json");
    EXPECT_THAT(resolve_all({{"config", "a.yml"}}).files, ElementsAre("a.yml")) << "the flag goes first";
    set("TTN_LW_CONFIG", "");
    folder_.write("work/.ttn-lw-stack.yml", "output: json\n");
    EXPECT_THAT(resolve_all().files, IsEmpty()) << "set and empty: no file at all";
}

TEST_F(Resolve, HonoursConfigAlsoWhereItIsNoSettingOfTheCommand) {
    folder_.write("work/a.yml", "x: 3\n");
    const std::vector<Option> settings{{.name = "x", .type = Type::integer, .description = "x"}};
    EXPECT_EQ(resolve(settings, {}, {{"config", "a.yml"}}, surroundings_).values.integer("x"), 3);
    set("TTN_LW_CONFIG", "a.yml");
    EXPECT_EQ(resolve(settings, {}, {}, surroundings_).values.integer("x"), 3);
}

TEST_F(Resolve, RefusesNamedFilesThatCannotBeRead) {
    EXPECT_EQ(message_of({{"config", "absent.yml"}}),
              "config file absent.yml (flag --config) cannot be read: No such file or directory");
    EXPECT_THAT(message_of({{"config", "."}}), HasSubstr("Is a directory")) << "a folder";
    set("TTN_LW_CONFIG", "absent.yml");
    EXPECT_EQ(message_of(),
              "config file absent.yml (variable TTN_LW_CONFIG) cannot be read: No such file or directory");
    EXPECT_THAT(message_of({{"config", "\"a"}}),
                StartsWith("option config = \"\\\"a\" (flag --config): accepted: "));
}

TEST_F(Resolve, RefusesFilesThatAreNoYaml) {
    const std::string path = folder_.write("work/.ttn-lw-stack.yml", "log:\n  level: [\n");
    EXPECT_THAT(message_of(), AllOf(StartsWith(path + " line "), HasSubstr("is not valid YAML")));
}

// bad values

struct BadValue {
    std::string option;
    std::string text;
    std::string accepted;
};

TEST_F(Resolve, RefusesBadVariables) {
    const std::vector<BadValue> cases{
        {"is.user-registration.password-requirements.reject-common", "yes",
         "accepted: true or false (also 1, t, T,"},
        {"is.user-registration.password-requirements.reject-common", "",
         "accepted: true or false (also 1, t, T,"},
        {"is.user-registration.password-requirements.min-length", "foo", "accepted: a whole number"},
        {"is.user-registration.password-requirements.min-length", "1.5", "accepted: a whole number"},
        {"is.user-registration.password-requirements.min-length", "", "accepted: a whole number"},
        {"is.delete.restore", "1d", "accepted: a duration such as 24h, 90m or 1h30m"},
        {"is.delete.restore", "", "accepted: a duration such as 24h, 90m or 1h30m"},
        {"log.level", "loud", "accepted: debug, info, warn, error or fatal"},
        {"log.format", "", "accepted: console or json"},
        {"output", "yaml", "accepted: text or json"},
    };
    for (const auto& [option, text, accepted] : cases) {
        const std::string variable = environment_name(option);
        set(variable, text);
        EXPECT_THAT(message_of(), StartsWith("option " + option + " = \"" + text + "\" (variable " +
                                             variable + "): " + accepted));
        EXPECT_THAT(message_of(), Not(HasSubstr("\n")));
        surroundings_.environment.erase(variable);
    }
}

TEST_F(Resolve, RefusesBadValuesInFiles) {
    const std::vector<BadValue> cases{
        {"is.user-registration.password-requirements.reject-common", "yes", "= \"yes\" ("},
        {"is.user-registration.password-requirements.reject-common", "1", "= \"1\" ("},
        {"is.user-registration.password-requirements.min-length", "foo", "= \"foo\" ("},
        {"is.delete.restore", "1d", "= \"1d\" ("},
        {"is.delete.restore", "''", "= \"\" ("},
        {"is.delete.restore", "{a: 1}", "= a map ("},
        {"is.delete.restore", "[1h]", "= a list ("},
        {"tenancy.default-id", "[a]", "= a list ("},
    };
    for (const auto& [option, text, shown] : cases) {
        const std::string path = folder_.write("work/.ttn-lw-stack.yml", "\n" + option + ": " + text + "\n");
        EXPECT_THAT(message_of(),
                    StartsWith("option " + option + " " + shown + path + " line 2): accepted: "));
    }
}

TEST_F(Resolve, RefusesBadFlags) {
    EXPECT_THAT(
        message_of({{"is.delete.restore", "1000"}}),
        StartsWith("option is.delete.restore = \"1000\" (flag --is.delete.restore): accepted: a duration"))
        << "a flag needs a unit";
    EXPECT_THAT(message_of({{"force", "yes"}}),
                StartsWith("option force = \"yes\" (flag --force): accepted: true"));
}

TEST_F(Resolve, TakesBareNumbersAsNanosecondsOutsideFlags) {
    folder_.write("work/.ttn-lw-stack.yml", "is.delete.restore: 5\n");
    EXPECT_EQ(resolve_all().values.duration("is.delete.restore"), 5ns);
    set("TTN_LW_IS_DELETE_RESTORE", "7");
    EXPECT_EQ(resolve_all().values.duration("is.delete.restore"), 7ns);
}

TEST_F(Resolve, WarnsOfDurationsWithoutUnit) {
    set("TTN_LW_IS_DELETE_RESTORE", "36");
    EXPECT_THAT(warnings(),
                ElementsAre("option is.delete.restore = \"36\" (variable "
                            "TTN_LW_IS_DELETE_RESTORE) has no unit and means nanoseconds; write a "
                            "unit, such as 100ms or 24h"));
    set("TTN_LW_IS_DELETE_RESTORE", "0");
    EXPECT_THAT(warnings(), IsEmpty());
    surroundings_.environment.erase("TTN_LW_IS_DELETE_RESTORE");
    folder_.write("work/.ttn-lw-stack.yml", "is.delete.restore: 5\n");
    EXPECT_THAT(warnings(), ElementsAre(HasSubstr("line 1) has no unit")));
}

TEST_F(Resolve, TakesAFlagWithoutUnitWhereTheOptionSaysSo) {
    command_flags_.push_back(
        {.name = "delay", .type = Type::duration, .description = "x", .unit_optional = true});
    EXPECT_EQ(resolve_all({{"delay", "100"}}).values.duration("delay"), 100ns);
    EXPECT_THAT(warnings({{"delay", "100"}}),
                ElementsAre(StartsWith("option delay = \"100\" (flag --delay) has no unit")));
    EXPECT_EQ(resolve_all({{"delay", "100ms"}}).values.duration("delay"), 100 * 1000 * 1000 * 1ns);
    EXPECT_THAT(warnings({{"delay", "100ms"}}), IsEmpty());
}

TEST_F(Resolve, ReadsListsOfSecretsFromEverySource) {
    const auto keys = [this](const Flags& given = {}) {
        List texts;
        const Resolution resolution = resolve_all(given);
        for (const Secret& key : resolution.values.secrets("cluster.keys")) texts.push_back(key.reveal());
        EXPECT_EQ(resolution.values.display("cluster.keys", false, " "),
                  texts.empty() ? "" : "******** ********");
        return texts;
    };
    EXPECT_THAT(keys(), IsEmpty());
    folder_.write("work/.ttn-lw-stack.yml", "cluster: {keys: [aa, bb]}\n");
    EXPECT_THAT(keys(), ElementsAre("aa", "bb"));
    folder_.write("work/.ttn-lw-stack.yml", "cluster: {keys: 'cc, dd'}\n");
    EXPECT_THAT(keys(), ElementsAre("cc", "dd"));
    set("TTN_LW_CLUSTER_KEYS", " ee\tff ");
    EXPECT_THAT(keys(), ElementsAre("ee", "ff"));
    set("TTN_LW_CLUSTER_KEYS", "ee,ff");
    EXPECT_THAT(keys(), ElementsAre("ee", "ff"));
    EXPECT_THAT(keys({{"cluster.keys", "00"}, {"cluster.keys", "11"}}), ElementsAre("00", "11"));
    surroundings_.environment.clear();
    folder_.write("work/.ttn-lw-stack.yml", "cluster: {keys: {a: hush}}\n");
    EXPECT_THAT(message_of(), AllOf(HasSubstr("cluster.keys = \"********\""), Not(HasSubstr("hush"))));
}

// The shape of a deployment's own file: nothing in it is a mistake.
TEST_F(Resolve, DoesNotComplainAboutAFileOfTheStack) {
    folder_.write("work/.ttn-lw-stack.yml", R"(
is:
  database-uri: postgres://root:root@postgres:5432/ttn_lorawan?sslmode=disable
  email: {sender-name: The Things Stack, provider: smtp, smtp: {address: x}}
  oauth: {ui: {canonical-url: https://x/oauth, is: {base-url: https://x/api/v3}}}
  tenancy: {admin-keys: [aa]}
redis:
  address: redis:6379
  database: 0
  pool-size: 100
  idle-timeout: 10m
  tls: {require: false}
cache: {service: redis, redis: {address: 'redis:6379', conn-max-lifetime: 1h}}
events:
  backend: redis
  redis: {address: 'redis:6379', workers: 16, publish: {queue-size: 8192}, store: {enable: true, ttl: 10m}}
  batch: {enable: true, delay: 32ms}
http: {cookie: {block-key: '', hash-key: ''}, metrics: {password: metrics}}
tls: {source: acme, acme: {dir: /var/lib/acme, email: a@b.c, hosts: [x], default-host: x}}
cluster: {join: [a], keys: [aa, bb], identity-server: 'is:1884', network-server: 'ns:1884', tls: true}
ns: {net-id: '000013', application-uplink-queue: {buffer-size: 1000}, cluster-id: x}
gs: {mqtt: {public-address: 'x:1882'}}
as: {webhooks: {downlinks: {public-address: x}, queue-size: 10, templates: {directory: x}}, packages: {workers: 1}}
js: {join-eui-prefix: 0000000000000000/0, dev-nonce-limit: 10, session-key-limit: 20}
gcs: {basic-station: {default: {lns-uri: x}}}
dcs: {edcs: {ns-id: x}}
noc: {store: {database-uri: x}}
console: {ui: {canonical-url: x}}
tenancy: {base-domains: [x], default-id: default, ttl: 1m}
)");
    EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(Resolve, ReportsAllBadValuesAtOnce) {
    set("TTN_LW_IS_DELETE_RESTORE", "1d");
    set("TTN_LW_LOG_LEVEL", "loud");
    const std::string message = message_of({{"count", "x"}});
    EXPECT_THAT(message, StartsWith("option log.level = \"loud\""));
    EXPECT_THAT(message, HasSubstr("\noption is.delete.restore = \"1d\""));
    EXPECT_THAT(message, HasSubstr("\noption count = \"x\""));
}

TEST_F(Resolve, ReadsOnlyTheWinningSource) {
    folder_.write("work/.ttn-lw-stack.yml", "is.delete.restore: 1d\n");
    set("TTN_LW_IS_DELETE_RESTORE", "foo");
    EXPECT_EQ(resolve_all({{"is.delete.restore", "1h"}}).values.duration("is.delete.restore"), 1h);
    EXPECT_NO_THROW(resolve({}, {}, {}, surroundings_)) << "the command does not use it";
}

TEST_F(Resolve, NeverShowsASecret) {
    folder_.write("work/.ttn-lw-stack.yml", "is.database-uri: [postgresql://root:hunter2@host/x]\n");
    EXPECT_THAT(message_of(),
                AllOf(StartsWith("option is.database-uri = \"********\" ("), Not(HasSubstr("hunter2"))));
}

TEST_F(Resolve, NeedsRequiredOptions) {
    command_flags_.push_back({.name = "email", .description = "x", .required = true});
    command_flags_.push_back({.name = "name", .description = "x", .required = true});
    EXPECT_EQ(message_of(), "options --email, --name are missing");
    EXPECT_THAT(message_of({{"count", "x"}}), StartsWith("option count = ")) << "a bad value first";
    command_flags_.pop_back();
    EXPECT_EQ(message_of(), "option --email is missing");
    EXPECT_EQ(resolve_all({{"email", ""}}).values.text("email"), "") << "an empty text is given";
}

TEST_F(Resolve, RefusesFlagsThatNobodyDeclared) {
    EXPECT_EQ(message_of({{"passwrd", "hunter2"}}), "unknown option --passwrd");
    EXPECT_EQ(message_of({{"xyz", "1"}}), "unknown option --xyz");
    try {
        (void)resolve_all({{"passwrd", "hunter2"}});
    } catch (const UsageError& error) {
        EXPECT_EQ(error.hint(), "Did you mean --password?");
    }
}

// warnings

TEST_F(Resolve, WarnsOfMisspeltKeysInGroupsOfOurs) {
    const std::string path =
        folder_.write("work/.ttn-lw-stack.yml",
                      "is:\n  database-max-open-conns: 3\n  delete:\n    restor: 1h\n"
                      "  email: {provider: smtp}\nns: {net-id: '000013'}\nrate-limiting: [1]\n"
                      "tenancy.default: x\n");
    EXPECT_THAT(warnings(), ElementsAre("unknown option is.delete.restor in " + path +
                                            " line 4; did you mean is.delete.restore?",
                                        "unknown option tenancy.default in " + path +
                                            " line 8; did you mean tenancy.default-id?"));
}

TEST_F(Resolve, WarnsOfMisspeltVariables) {
    set("TTN_LW_IS_DELETE_RESTOR", "1h");
    set("TTN_LW_IS_EMAIL_PROVIDER", "smtp");
    set("TTN_LW_NS_NET_ID", "000013");
    EXPECT_THAT(warnings(), ElementsAre("unknown variable TTN_LW_IS_DELETE_RESTOR; did you mean "
                                        "TTN_LW_IS_DELETE_RESTORE?"));
}

TEST_F(Resolve, DoesNotWarnOfOptionsThatTheCommandDoesNotUse) {
    folder_.write("work/.ttn-lw-stack.yml", "is.delete.restore: 1h\n");
    set("TTN_LW_IS_DATABASE_URI", "x");
    EXPECT_THAT(resolve({}, {}, {}, surroundings_).warnings, IsEmpty());
}

// without files and environment

TEST(ResolveFlags, TakesArgumentsLikeFlags) {
    const std::vector<Option> inputs{
        {.name = "count", .type = Type::integer, .description = "x", .value_name = "N", .positional = true}};
    const Resolution resolution = resolve_flags(inputs, {{"count", "7"}});
    EXPECT_EQ(resolution.values.integer("count"), 7);
    EXPECT_EQ(resolution.values.source("count").where, "argument N");
    EXPECT_TRUE(resolution.values.given("count"));
    try {
        (void)resolve_flags(inputs, {{"count", "x"}});
        ADD_FAILURE() << "nothing was refused";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), StartsWith("option count = \"x\" (argument N): accepted: "));
    }
}

TEST(ResolveFlags, ReadsTheCommandLineAlone) {
    const std::vector<Option> flags{{.name = "id", .description = "x", .default_text = "d"}};
    EXPECT_EQ(resolve_flags(flags, {}).values.text("id"), "d");
    EXPECT_EQ(resolve_flags(flags, {{"id", "x"}}).values.text("id"), "x");
    EXPECT_THROW(resolve_flags(flags, {{"other", "x"}}), UsageError);
}

TEST(ProcessSurroundings, AreThoseOfTheProcess) {
    setenv("TTI_SETTINGS_TEST", "a=b", 1);
    const Surroundings surroundings = process_surroundings();
    EXPECT_EQ(surroundings.environment.at("TTI_SETTINGS_TEST"), "a=b");
    EXPECT_EQ(surroundings.working_directory, std::filesystem::current_path());
}

}  // namespace
}  // namespace tti::settings
