#include "network_server/stream_scripts.hpp"

#include <string>

namespace tti::network_server {
namespace {

using redis::Script;

// Lua's numbers cannot hold an ID; digits of equal width can be compared as text. XINFO answers with names
// and values in turn.
const std::string& shared() {
    static const std::string text = R"(
local function wide(id)
  local ms, seq = string.match(id, '^(%d+)%-(%d+)$')
  return string.rep('0', 20 - #ms) .. ms .. string.rep('0', 20 - #seq) .. seq
end
local function map(list)
  local result = {}
  for i = 1, #list, 2 do result[list[i]] = list[i + 1] end
  return result
end
local function groups(key)
  local result = {}
  for i, group in ipairs(redis.call('XINFO', 'GROUPS', key)) do result[i] = map(group) end
  return result
end
local function delivered_to_all(all)
  local until_id
  for _, group in ipairs(all) do
    local id = group['last-delivered-id']
    if not until_id or wide(id) < wide(until_id) then until_id = id end
  end
  return until_id
end
)";
    return text;
}

}  // namespace

const Script& trim_script() {
    static const Script instance(shared() + R"(
local key, minid = KEYS[1], ARGV[1]
local all = redis.call('EXISTS', key) == 1 and groups(key) or {}
if #all == 0 then return 0 end
for _, group in ipairs(all) do
  if wide(group['last-delivered-id']) >= wide(minid) then
    -- it has read further than that
  elseif #redis.call('XRANGE', key, '(' .. group['last-delivered-id'], '(' .. minid, 'COUNT', 1) > 0 then
    return -1
  end
  if group.pending > 0 and #redis.call('XPENDING', key, group.name, '-', '(' .. minid, 1) > 0 then return -1 end
end
if ARGV[2] == '' then return redis.call('XTRIM', key, 'MINID', '=', minid) end
return redis.call('XTRIM', key, 'MINID', '~', minid, 'LIMIT', ARGV[2])
)");
    return instance;
}

const Script& sift_script() {
    static const Script instance(shared() + R"(
local key, count = KEYS[1], tonumber(ARGV[3])
local all = redis.call('EXISTS', key) == 1 and groups(key) or {}
local until_id = delivered_to_all(all)
if not until_id then return {0, ''} end
if wide(until_id) > wide(ARGV[2]) then until_id = ARGV[2] end
local page = redis.call('XRANGE', key, ARGV[1], until_id, 'COUNT', count)
if #page == 0 then return {0, ''} end
local first, last = page[1][1], page[#page][1]
local pending = {}
for _, group in ipairs(all) do
  local from = first
  while group.pending > 0 do
    local list = redis.call('XPENDING', key, group.name, from, last, 1000)
    for _, item in ipairs(list) do pending[item[1]] = true end
    if #list < 1000 then break end
    from = '(' .. list[#list][1]
  end
end
local dead = {}
for _, entry in ipairs(page) do
  if not pending[entry[1]] then dead[#dead + 1] = entry[1] end
end
local removed = 0
if #dead > 0 then removed = redis.call('XDEL', key, unpack(dead)) end
return {removed, last}
)");
    return instance;
}

const Script& acknowledge_script() {
    static const Script instance(R"(
local key, group = KEYS[1], ARGV[1]
if redis.call('EXISTS', key) == 0 then return {0, 0, ''} end
local list = redis.call('XPENDING', key, group, ARGV[2], ARGV[3], ARGV[4])
local ids, dangling = {}, 0
for _, item in ipairs(list) do
  local gone = #redis.call('XRANGE', key, item[1], item[1], 'COUNT', 1) == 0
  if gone then dangling = dangling + 1 end
  if gone or ARGV[5] == '1' then ids[#ids + 1] = item[1] end
end
if #ids > 0 then redis.call('XACK', key, group, unpack(ids)) end
return {#ids - dangling, dangling, #list > 0 and list[#list][1] or ''}
)");
    return instance;
}

const Script& consumers_script() {
    static const Script instance(shared() + R"(
local key, removed = KEYS[1], 0
if redis.call('EXISTS', key) == 0 then return 0 end
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', key, ARGV[1])) do
  consumer = map(consumer)
  if consumer.pending == 0 and consumer.idle >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', key, ARGV[1], consumer.name)
    removed = removed + 1
  end
end
return removed
)");
    return instance;
}

const Script& emptied_script() {
    static const Script instance(shared() + R"(
local removed = 0
for _, key in ipairs(KEYS) do
  if redis.call('TYPE', key).ok == 'stream' and redis.call('XLEN', key) == 0 then
    local used = false
    for _, group in ipairs(groups(key)) do
      if group.name ~= ARGV[1] or group.pending > 0 then used = true end
    end
    if not used then removed = removed + redis.call('UNLINK', key) end
  end
end
return removed
)");
    return instance;
}

const Script& requeue_script() {
    static const Script instance(shared() + R"(
local ready, input, waiting = KEYS[1], KEYS[2], KEYS[3]
local all = redis.call('EXISTS', ready) == 1 and groups(ready) or {}
if #all ~= 1 or all[1].name ~= ARGV[1] then return {0, 0, 0, ''} end
local page = redis.call('XRANGE', ready, ARGV[2], all[1]['last-delivered-id'], 'COUNT', ARGV[3])
if #page == 0 then return {0, 0, 0, ''} end
local idle, from, last = {}, page[1][1], page[#page][1]
while true do
  local list = redis.call('XPENDING', ready, ARGV[1], from, last, 1000)
  for _, item in ipairs(list) do idle[item[1]] = item[3] end
  if #list < 1000 then break end
  from = '(' .. list[#list][1]
end
-- The score of the waiting set as text, perhaps with an exponent; the dispatcher wants plain nanoseconds.
local function start_at(text)
  if text and string.match(text, '^%d+$') and #text <= 19 then return text end
  local number = tonumber(text or '')
  if not number or number ~= number or number < 0 or number > 9.2e18 then return ARGV[6] end
  return string.format('%.0f', number)
end
local queued, present, gone, done = 0, 0, 0, {}
for _, entry in ipairs(page) do
  local id = entry[1]
  if not idle[id] or idle[id] >= tonumber(ARGV[4]) then
    local task = map(entry[2])
    if not task.payload or redis.call('EXISTS', ARGV[5] .. task.payload) == 0 then
      gone = gone + 1
    elseif redis.call('ZSCORE', waiting, task.payload) then
      present = present + 1
    else
      redis.call('XADD', input, '*', 'start_at', start_at(task.start_at), 'payload', task.payload)
      queued = queued + 1
    end
    done[#done + 1] = id
  end
end
if #done > 0 then
  redis.call('XACK', ready, ARGV[1], unpack(done))
  redis.call('XDEL', ready, unpack(done))
end
return {queued, present, gone, last}
)");
    return instance;
}

}  // namespace tti::network_server
