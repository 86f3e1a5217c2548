#!lua flags=allow-oom
-- Takes a partition's lease when nobody holds it.
-- KEYS[1]  the lease of the partition
-- ARGV[1]  the token of this acquisition: random, made for it alone
-- ARGV[2]  how long the lease lasts, ms
-- Returns 1 it is ours (also when this very token has it already: the first reply was lost), 0 another holds it.
-- Atomic, because between GET and SET another projector could take it.
-- allow-oom, because a full server can only be drained by a projector that holds a lease.
local current = redis.call('GET', KEYS[1])
if current and current ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
