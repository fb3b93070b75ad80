#include "identity_server/common_passwords.hpp"

#include <algorithm>
#include <array>

namespace tti::identity_server {
namespace {

constexpr auto common = [] {
    auto words = std::to_array<std::string_view>({
        "000000",       "00000000",   "0123456789", "111111",        "11111111",    "1111111111",
        "112233",       "11223344",   "121212",     "12121212",      "123",         "123123",
        "123123123",    "123321",     "1234",       "12341234",      "12345",       "123456",
        "1234567",      "12345678",   "123456789",  "1234567890",    "123456a",     "123456abc",
        "123456789a",   "1234abcd",   "1234qwer",   "123654",        "123abc",      "123qwe",
        "147258369",    "159753",     "1q2w3e",     "1q2w3e4r",      "1q2w3e4r5t",  "1qaz2wsx",
        "1qazxsw2",     "222222",     "22222222",   "333333",        "444444",      "555555",
        "55555555",     "654321",     "666666",     "66666666",      "696969",      "777777",
        "7777777",      "77777777",   "87654321",   "88888888",      "888888",      "987654321",
        "99999999",     "999999",     "a123456",    "a12345678",     "a1b2c3d4",    "aa123456",
        "aaaaaa",       "aaaaaaaa",   "abc123",     "abc12345",      "abcd1234",    "abcdef",
        "abcdefg",      "abcdefgh",   "access",     "access14",      "admin",       "admin1",
        "admin123",     "admin1234",  "admin12345", "administrator", "alexander",   "andrea",
        "andrew",       "anthony",    "asdf1234",   "asdfasdf",      "asdfgh",      "asdfghjk",
        "asdfghjkl",    "ashley",     "austin",     "azerty",        "azertyuiop",  "bailey",
        "baseball",     "basketball", "batman",     "biteme",        "blink182",    "buster",
        "butterfly",    "changeit",   "changeme",   "changeme1",     "changeme123", "charlie",
        "cheese",       "chelsea",    "chocolate",  "christian",     "computer",    "computer1",
        "cookie",       "corvette",   "daniel",     "default",       "dragon",      "dragon123",
        "dubsmash",     "eminem",     "ferrari",    "flower",        "football",    "football1",
        "freedom",      "fuckyou",    "gateway",    "gfhjkm",        "ginger",      "google",
        "hannah",       "hello",      "hello123",   "helloworld",    "hockey",      "hottie",
        "hunter",       "hunter2",    "iloveyou",   "iloveyou1",     "internet",    "jennifer",
        "jessica",      "jesus",      "jordan",     "jordan23",      "joshua",      "justin",
        "killer",       "letmein",    "letmein1",   "letmein123",    "liverpool",   "login",
        "lorawan",      "lorawan123", "lovely",     "loveme",        "maggie",      "master",
        "master123",    "matrix",     "matthew",    "mercedes",      "merlin",      "michael",
        "michael1",     "michelle",   "monkey",     "monkey123",     "monster",     "mustang",
        "naruto",       "nicole",     "ninja",      "november",      "nothing",     "oliver",
        "p@ssw0rd",     "p@ssword",   "pa55w0rd",   "pa55word",      "pass",        "pass1234",
        "passpass",     "passw0rd",   "passw0rd1",  "password",      "password!",   "password0",
        "password01",   "password1",  "password1!", "password11",    "password12",  "password123",
        "password1234", "password2",  "patrick",    "pepper",        "phoenix",     "pokemon",
        "princess",     "princess1",  "purple",     "q1w2e3r4",      "q1w2e3r4t5",  "qazwsx",
        "qazwsxedc",    "qwer1234",   "qwert",      "qwerty",        "qwerty1",     "qwerty12",
        "qwerty123",    "qwerty1234", "qwertyui",   "qwertyuiop",    "qwertz",      "qwertzuiop",
        "raspberry",    "robert",     "root",       "rootroot",      "samantha",    "samsung",
        "sample123",    "secret",     "secret123",  "shadow",        "slipknot",    "soccer",
        "spiderman",    "starwars",   "summer",     "sunshine",      "sunshine1",   "superman",
        "superman1",    "superuser",  "taylor",     "temp1234",      "temporary",   "test",
        "test123",      "test1234",   "testing",    "testing123",    "testtest",    "thethings",
        "thomas",       "thunder",    "tigger",     "tinkle",        "trustno1",    "tweety",
        "user1234",     "vanessa",    "victoria",   "welcome",       "welcome1",    "welcome123",
        "whatever",     "william",    "yankees",    "zaq12wsx",      "zaq1zaq1",    "zxcvbn",
        "zxcvbnm",      "zxcvbnm1",
    });
    std::ranges::sort(words);
    return words;
}();

}  // namespace

bool is_common_password(std::string_view lower_case) {
    return std::ranges::binary_search(common, lower_case);
}

}  // namespace tti::identity_server
