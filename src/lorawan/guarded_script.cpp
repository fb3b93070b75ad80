#include "lorawan/guarded_script.hpp"

namespace tti::lorawan {

std::string_view guard_prelude() {
    return R"(
local function held(key, owner)
    if redis.call('PTTL', key .. ':lock') <= 0 or redis.call('LLEN', key .. ':list') > 0 then
        return false
    end
    return not owner or redis.call('GET', key .. ':lock') ~= owner
end
local function any_lock(keys)
    if #keys == 0 then return false end
    local locks = {}
    for i, key in ipairs(keys) do locks[i] = key .. ':lock' end
    return redis.call('EXISTS', unpack(locks)) > 0
end
local function release(key, owner)
    local lock, list = key .. ':lock', key .. ':list'
    if redis.call('GET', lock) ~= owner then return end
    redis.call('LPUSH', list, owner)
    redis.call('PEXPIRE', lock, 250)
    redis.call('PEXPIRE', list, 250)
end
)";
}

redis::Script guarded_script(std::string_view text) {
    return redis::Script(std::string(guard_prelude()) + std::string(text));
}

}  // namespace tti::lorawan
