#!lua flags=allow-oom
-- Writes Redis' half of a pair if there is none. The first id stays, even when several processes write at the same moment.
--
-- KEYS  1 settings
-- ARGV  1 id
-- Returns the id that is stored now; false when there is none and this user may not write it.
--
-- Atomic because between reading and writing another process could write another id, and one of the two would be lost.

-- Inside scripts, the message of Redis 7.0 has no error code.
local function is_forbidden(why)
  return string.find(why, 'NOPERM') or string.find(why, "can't run this command")
end

local settings, id = KEYS[1], ARGV[1]
local stored = redis.call('HMGET', settings, 'pair')[1]
if stored then return stored end
local done = redis.pcall('HSET', settings, 'pair', id)
if type(done) == 'table' and done.err then
  if is_forbidden(done.err) then return false end
  return done
end
return id
