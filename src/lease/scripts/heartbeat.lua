#!lua flags=allow-oom
-- Records that a projector is alive, removes silent members, and returns the live ones.
-- KEYS[1]  the members: a hash of id -> "<held>:<last seen, ms>"
-- ARGV[1]  our id
-- ARGV[2]  how many leases we hold
-- ARGV[3]  how long a member may be silent, ms
-- Returns a flat list: id, held, id, held, ... with us in it.
-- Atomic, because all must be measured by one clock, the server's, and because a member whose heartbeat came between the
-- read and the removal would be lost.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local silence_max = tonumber(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ':' .. string.format('%.0f', now))

local live = {}
local members = redis.call('HGETALL', KEYS[1])
for i = 1, #members, 2 do
  local held, seen = string.match(members[i + 1], '^(%d+):(%d+)$')
  -- The absolute difference, because a server clock that was set back must not keep a dead member alive.
  if seen and math.abs(now - seen) <= silence_max then
    table.insert(live, members[i])
    table.insert(live, held)
  else
    redis.call('HDEL', KEYS[1], members[i])
  end
end
return live
