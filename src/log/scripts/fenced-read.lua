#!lua flags=allow-oom
-- Reads the next entries of a partition for the owner of its lease, and moves the group's position past them.
--
-- KEYS  1 lease   2 requests   3 late-from
-- ARGV  1 lease token   2 the most entries to read   3 watermark
--       4 expected position: where the caller's last read left the group; empty asks for a reset
--       5 group   6 consumer
-- Returns {0} when the lease is another's; else {1, seconds, microseconds, position after the read, entries}.
--
-- Atomic because between the check of the lease and the read another owner could move the same position. The position is
-- compared with the expected one because an earlier read that timed out may still reach the server later: if it did so
-- before the next read, the entries it took would be skipped unnoticed.
--
-- The late floor. After Redis went back, the position may be below the watermark. Entries read there have no decision, but
-- once they are read, both position and watermark are past them. So a read that returns such entries notes where it began,
-- and every reset starts there or lower. Only a read that continues, which promises that no earlier late entry is
-- undecided, moves the note up, or deletes it when it finds no late entry any more.
--
-- allow-oom, because at maxmemory only reading can drain the stream. Only that note needs memory.

local lease, stream, late_key = KEYS[1], KEYS[2], KEYS[3]
local token, count, watermark, expected = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local group, consumer = ARGV[5], ARGV[6]

-- How many entries were read up to `position`; it keeps `lag` exact. Nil when counting would take too long.
local function entries_read_at(position, info)
  if info['entries-read'] then
    local again = count_between(stream, position, info['last-delivered-id'])
    if again then return info['entries-read'] - again end
  end
  local ahead = count_between(stream, position, '+')
  return ahead and stream_info(stream)['entries-added'] - ahead
end

local function move_back(position, info)
  local read = entries_read_at(position, info)
  if read then
    redis.call('XGROUP', 'SETID', stream, group, position, 'ENTRIESREAD', read)
  else
    redis.call('XGROUP', 'SETID', stream, group, position)
  end
end

local function reset(info)
  local note = redis.call('GET', late_key)
  if not info then
    create_group(stream, group, START)
    return START
  end
  local position = lower_of(lower_of(watermark, info['last-delivered-id']), note)
  if position ~= info['last-delivered-id'] then move_back(position, info) end
  return position
end

if redis.call('GET', lease) ~= token then return {0} end

local info = group_info(stream, group)
local continues = info and info['last-delivered-id'] == expected
local position = continues and expected or reset(info)

local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'NOACK', 'STREAMS', stream, '>')
local entries = reply and reply[1][2] or {}

local first = entries[1] and entries[1][1]
if first and not is_after(first, watermark) then
  local floor = continues and position or lower_of(position, redis.call('GET', late_key))
  redis.call('SET', late_key, floor)
elseif continues then
  redis.call('DEL', late_key)
end

local now = redis.call('TIME')
local last = entries[#entries] and entries[#entries][1] or position
return {1, now[1], now[2], last, entries}
