#!lua flags=allow-oom
-- Drops entries that are decided and older than the retention.
--
-- KEYS  1 lease   2 requests   3 late-from
-- ARGV  1 lease token   2 watermark   3 group   4 retention (ms)   5 size above which less is kept
-- Returns -1 when the lease is another's, else how many entries were dropped.
--
-- Atomic because XTRIM ignores groups: the limits it must not pass (watermark, position, late floor) must not change while
-- it works. A stream above its size shortens the retention in proportion, but never past those three limits.

local lease, stream, late_key = KEYS[1], KEYS[2], KEYS[3]
local token, watermark, group = ARGV[1], ARGV[2], ARGV[3]
local retention, most = tonumber(ARGV[4]), tonumber(ARGV[5])

-- XTRIM drops whole nodes of 100 entries; this limit keeps one call to a few milliseconds.
local DROPPED_AT_ONCE = 200000

if redis.call('GET', lease) ~= token then return -1 end

local info = group_info(stream, group)
if not info then return 0 end

local length = redis.call('XLEN', stream)
if length > most then retention = retention * most / length end
local cut = redis.call('TIME')[1] * 1000 - retention
if cut <= 0 then return 0 end

local floor = lower_of(watermark, info['last-delivered-id'])
floor = lower_of(floor, redis.call('GET', late_key))
floor = lower_of(floor, string.format('%.0f-0', cut))
return redis.call('XTRIM', stream, 'MINID', '~', floor, 'LIMIT', DROPPED_AT_ONCE)
