#!lua flags=allow-oom
-- Marks, for a short time, that every show of the partition has its board.
--
-- KEYS  1 lease   2 boards-sealed
-- ARGV  1 lease token   2 how long the mark is valid (ms)   3 run id of this server
-- Returns 0 when the lease is another's, else 1.
--
-- Atomic because a former owner must not set the mark for boards it no longer writes. It expires, so that the mark of a
-- dead owner ends as well. It names the server: after a fail-over the mark may be there and a board that was written before
-- it may not.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2])
return 1
