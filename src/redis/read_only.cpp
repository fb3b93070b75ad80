#include "redis/read_only.hpp"

#include <algorithm>
#include <array>

namespace tti::redis {
namespace {

constexpr std::array names{
    std::string_view{"ACL DRYRUN"},
    std::string_view{"ACL GETUSER"},
    std::string_view{"ACL WHOAMI"},
    std::string_view{"AUTH"},
    std::string_view{"BITCOUNT"},
    std::string_view{"CLIENT GETNAME"},
    std::string_view{"CLIENT ID"},
    std::string_view{"CLIENT LIST"},
    std::string_view{"CLIENT SETNAME"},
    std::string_view{"CONFIG GET"},
    std::string_view{"DBSIZE"},
    std::string_view{"DUMP"},
    std::string_view{"EVALSHA_RO"},
    std::string_view{"EVAL_RO"},
    std::string_view{"EXISTS"},
    std::string_view{"EXPIRETIME"},
    std::string_view{"GET"},
    std::string_view{"GETRANGE"},
    std::string_view{"HEXISTS"},
    std::string_view{"HGET"},
    std::string_view{"HGETALL"},
    std::string_view{"HKEYS"},
    std::string_view{"HLEN"},
    std::string_view{"HMGET"},
    std::string_view{"HSCAN"},
    std::string_view{"HSTRLEN"},
    std::string_view{"HVALS"},
    std::string_view{"INFO"},
    std::string_view{"LASTSAVE"},
    std::string_view{"LINDEX"},
    std::string_view{"LLEN"},
    std::string_view{"LPOS"},
    std::string_view{"LRANGE"},
    std::string_view{"MEMORY USAGE"},
    std::string_view{"MGET"},
    std::string_view{"OBJECT ENCODING"},
    std::string_view{"OBJECT FREQ"},
    std::string_view{"OBJECT IDLETIME"},
    std::string_view{"OBJECT REFCOUNT"},
    std::string_view{"PEXPIRETIME"},
    std::string_view{"PING"},
    std::string_view{"PTTL"},
    std::string_view{"RANDOMKEY"},
    std::string_view{"ROLE"},
    std::string_view{"SCAN"},
    std::string_view{"SCARD"},
    std::string_view{"SCRIPT EXISTS"},
    std::string_view{"SELECT"},
    std::string_view{"SISMEMBER"},
    std::string_view{"SMEMBERS"},
    std::string_view{"SMISMEMBER"},
    std::string_view{"SRANDMEMBER"},
    std::string_view{"SSCAN"},
    std::string_view{"STRLEN"},
    std::string_view{"TIME"},
    std::string_view{"TTL"},
    std::string_view{"TYPE"},
    std::string_view{"XINFO CONSUMERS"},
    std::string_view{"XINFO GROUPS"},
    std::string_view{"XINFO STREAM"},
    std::string_view{"XLEN"},
    std::string_view{"XPENDING"},
    std::string_view{"XRANGE"},
    std::string_view{"XREAD"},
    std::string_view{"XREVRANGE"},
    std::string_view{"ZCARD"},
    std::string_view{"ZCOUNT"},
    std::string_view{"ZLEXCOUNT"},
    std::string_view{"ZMSCORE"},
    std::string_view{"ZRANGE"},
    std::string_view{"ZRANGEBYLEX"},
    std::string_view{"ZRANGEBYSCORE"},
    std::string_view{"ZRANK"},
    std::string_view{"ZREVRANGE"},
    std::string_view{"ZSCAN"},
    std::string_view{"ZSCORE"},
};
static_assert(std::ranges::is_sorted(names));

}  // namespace

bool cannot_write(std::string_view name) {
    return std::ranges::binary_search(names, name);
}

}  // namespace tti::redis
