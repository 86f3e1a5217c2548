#!lua flags=allow-oom
-- Makes a partition's stream and group if they are missing, and raises the last generated id to the watermark.
--
-- KEYS  1 lease   2 requests   3 late-from
-- ARGV  1 lease token   2 watermark   3 group   4 the latest time at which anything was decided (ms)
--       5 the most entries that an owner may have read and not committed
-- Returns 0 when the lease is another's; 1 when the stream was in order; 2 when it had gone back: its last id
-- was below the watermark, or the group was missing although something is decided already.
--
-- Atomic because an entry that arrived between reading the last id and raising it would get an id below the
-- watermark. XSETID needs the key, and the group must be there before anything is appended above it.

local lease, stream, late_key = KEYS[1], KEYS[2], KEYS[3]
local token, watermark, group, judged_ms, in_flight_max = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

if redis.call('GET', lease) ~= token then return 0 end

-- Entries that were read but not committed in the restored state are below the group's position. The
-- watermark does not show them, because it has moved past them with entries that were lost since. So reading starts
-- again as far back as such an entry can be.
local function note_what_was_in_flight(position)
  local back = redis.call('XREVRANGE', stream, position, '-', 'COUNT', in_flight_max + 1)
  local from = back[in_flight_max + 1] and back[in_flight_max + 1][1] or START
  redis.call('SET', late_key, lower_of(from, redis.call('GET', late_key)))
end

local gone_back = false
local info = group_info(stream, group)
if not info then
  create_group(stream, group, START)
  gone_back = watermark ~= '0-0'
end
if is_after(watermark, stream_info(stream)['last-generated-id']) then
  if info and in_flight_max > 0 then note_what_was_in_flight(info['last-delivered-id']) end
  redis.call('XSETID', stream, watermark)
  gone_back = true
end
-- After a clock was set back, new entries would get ids before the time of the last decision. Only then is
-- the id raised this far: a last id above the watermark that belongs to no entry looks to a query like an entry
-- that waits.
local now = redis.call('TIME')
if now[1] * 1000 + math.floor(now[2] / 1000) < tonumber(judged_ms) then
  local floor = judged_ms .. '-0'
  if is_after(floor, stream_info(stream)['last-generated-id']) then redis.call('XSETID', stream, floor) end
end
return gone_back and 2 or 1
