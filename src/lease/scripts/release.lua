#!lua flags=allow-oom
-- Ends a lease at once, for its holder only, and notifies the other projectors.
-- KEYS[1]  the lease of the partition
-- ARGV[1]  the token that took it
-- ARGV[2]  the channel on which changes are announced
-- Returns 1 released, 0 it was not ours.
-- Atomic, because a plain DEL could end the lease of a successor. The message is published here, so that it never comes
-- before the lease is free.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], KEYS[1])
return 1
