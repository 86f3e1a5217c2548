#!lua flags=allow-oom
-- Makes a lease last longer, for its holder only.
-- KEYS[1]  the lease of the partition
-- ARGV[1]  the token that took it
-- ARGV[2]  how long it lasts from now, ms
-- Returns 1 renewed, 0 no longer ours.
-- Atomic, because between GET and PEXPIRE the lease could end and be taken by another projector.
-- allow-oom, because a full server can only be drained by a projector that holds a lease.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
