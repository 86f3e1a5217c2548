#!lua flags=allow-oom
-- Writes Redis' half of a pair where there is none. The first id stays, whoever else writes in the same moment.
--
-- KEYS  1 settings
-- ARGV  1 id
-- Returns the id that is stored now; false when there is none and this user may not write it.
--
-- Atomic because between a look and a write another process could write another id, and one of the two would go on.

-- Redis 7.0 words it without a code inside scripts.
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
