#!lua flags=allow-oom
-- Says, for a short while, that every show of the partition has its board.
--
-- KEYS  1 lease   2 boards-sealed
-- ARGV  1 lease token   2 how long it is believed (ms)
-- Returns 0 when the lease is another's, else 1.
--
-- Atomic because a former owner must not vouch for boards it no longer writes. It expires, so that a dead owner
-- vouches for nothing either.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
return 1
