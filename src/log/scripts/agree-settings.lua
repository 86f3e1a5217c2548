#!lua flags=allow-oom
-- Agrees on the number of partitions and the rule that routes ids to them.
--
-- KEYS  1 settings
-- ARGV  1 partitions   2 rule
-- Returns {1, partitions, rule} as stored now, or {0, partitions, rule} as stored before when they disagree.
--
-- A user that may only read does not store; it only compares, and other processes store when they start.
--
-- Atomic because processes of different versions may start in the same moment.

-- Inside scripts, the message of Redis 7.0 has no error code.
local function is_forbidden(why)
  return string.find(why, 'NOPERM') or string.find(why, "can't run this command")
end

local settings, partitions, rule = KEYS[1], tonumber(ARGV[1]), ARGV[2]
local stored = redis.call('HMGET', settings, 'partitions', 'rule')
local stored_partitions, stored_rule = tonumber(stored[1] or partitions), stored[2] or rule

if stored_rule ~= rule or partitions < stored_partitions then return {0, stored_partitions, stored_rule} end
if not stored[1] or partitions > stored_partitions then
  local done = redis.pcall('HSET', settings, 'partitions', partitions, 'rule', rule)
  if type(done) == 'table' and done.err and not is_forbidden(done.err) then return done end
end
return {1, partitions, rule}
