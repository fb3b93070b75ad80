#pragma once

#include "redis/script.hpp"

namespace tti::network_server {

// Each works on a bounded part of a stream and decides by what the server holds at that moment, so nothing
// can come in between. In all of them "dead" is an entry that was delivered to every group and is pending in
// none.

// KEYS: stream. ARGV: MINID of XTRIM; the entries that may go at once, "" for all. Removes dead entries from
// the beginning. Answers how many; -1 where one of them is not dead.
const redis::Script& trim_script();
// KEYS: stream. ARGV: first and last ID; how many to look at. Removes the dead among them. Answers how many,
// and the last ID it looked at ("" where there was nothing more).
const redis::Script& sift_script();
// KEYS: stream. ARGV: group; first and last ID; how many to look at; "1" to acknowledge all, else only those
// whose entry is gone. Answers how many of either, and the last ID it looked at.
const redis::Script& acknowledge_script();
// KEYS: stream. ARGV: group; least idle time in ms. Removes consumers that have nothing pending. Answers how
// many.
const redis::Script& consumers_script();
// KEYS: streams. ARGV: group. Removes streams that hold nothing, in which no other group is. Answers how
// many.
const redis::Script& emptied_script();
// KEYS: ready, input, waiting. ARGV: group; first ID; how many to look at; idle time in ms after which a
// pending entry is lost; prefix of the records; now in ns. Queues lost tasks again. Answers how many were
// queued, were waiting anyway, have no record; and the last ID it looked at.
const redis::Script& requeue_script();

}  // namespace tti::network_server
