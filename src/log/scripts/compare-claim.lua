#!lua flags=allow-oom
-- Called in the middle of a take-over: compares the database it happens in with the database of the last owner.
--
-- KEYS  1 lease   2 claimed
-- ARGV  1 lease token   2 claim that the database has ('' = none yet)   3 epoch and 4 token of the claim that is being made
--       5 how long the note is kept (ms)
-- Returns 0 when the lease is another's; 1 the same database, or there is no note: both claims are noted, because the
-- database may have either of them afterwards; 2 another database.
--
-- Atomic because only the holder of the lease may write here: a note of a former holder that was frozen meanwhile would
-- make the next take-over look like one in a copy of the database.

local lease, claimed = KEYS[1], KEYS[2]
local token, before, epoch, claim, keep_ms = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

if redis.call('GET', lease) ~= token then return 0 end
local known, flat = {}, redis.call('HGETALL', claimed)
for i = 1, #flat, 2 do known[flat[i]] = flat[i + 1] end
if known['claim'] and known['claim'] ~= before and known['before'] ~= before then return 2 end
redis.call('DEL', claimed)
redis.call('HSET', claimed, 'epoch', epoch, 'claim', claim, 'before', before)
redis.call('PEXPIRE', claimed, keep_ms)
return 1
