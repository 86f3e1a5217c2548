#!lua flags=allow-oom
-- Notes the claim that the owner of a partition has just found valid in its database, and the last roll-call word there.
--
-- KEYS  1 lease   2 claimed
-- ARGV  1 lease token   2 epoch   3 claim token   4 roll-call word ('' = none)   5 how long the note is kept (ms)
-- Returns 0 when the lease is another's, else 1.
--
-- Atomic because only the holder of the lease may write here.

local lease, claimed = KEYS[1], KEYS[2]
local token, epoch, claim, roll, keep_ms = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

if redis.call('GET', lease) ~= token then return 0 end
redis.call('HDEL', claimed, 'before')
redis.call('HSET', claimed, 'epoch', epoch, 'claim', claim, 'roll', roll)
redis.call('PEXPIRE', claimed, keep_ms)
return 1
