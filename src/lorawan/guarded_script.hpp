#pragma once

#include <string>
#include <string_view>

#include "redis/script.hpp"

namespace tti::lorawan {

// What a script begins with that writes past the mutexes of records (see mutex.hpp), as Lua:
//   held(key, owner)    whether somebody holds the mutex of `key`; `owner` (may be nil) is not somebody
//   any_lock(keys)      false: no record of this list (at most 1000) can be held; true: ask held() of each
//   release(key, owner) hands the mutex over to whoever waits, if `owner` holds it
// A server of the stack holds a mutex from the moment that K:lock has an expiry until a token lies in K:list.
// The server runs a script whole, so what a script found not to be held stays so until its end.
std::string_view guard_prelude();

// A script of these functions and this text.
redis::Script guarded_script(std::string_view text);

}  // namespace tti::lorawan
