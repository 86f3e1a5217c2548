-- Functions for stream ids and the group's position. scripts.ts inserts them at the start of every script that needs them.
-- Stream ids are compared as text because both halves are unsigned 64-bit and Lua's numbers are doubles.

-- Counting more entries than this would block the server for too long; the count is then left unknown.
local COUNT_LIMIT = 20000

local function digits_after(a, b)
  return #a > #b or (#a == #b and a > b)
end

local function is_after(a, b)
  local a_ms, a_seq = string.match(a, '^(%d+)%-(%d+)$')
  local b_ms, b_seq = string.match(b, '^(%d+)%-(%d+)$')
  if a_ms ~= b_ms then return digits_after(a_ms, b_ms) end
  return digits_after(a_seq, b_seq)
end

local function lower_of(a, b)
  if not b then return a end
  if not a then return b end
  return is_after(a, b) and b or a
end

local function fields_of(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

-- nil when the stream is missing.
local function stream_info(stream)
  if redis.call('EXISTS', stream) == 0 then return nil end
  return fields_of(redis.call('XINFO', 'STREAM', stream))
end

-- nil when the stream or the group is missing.
local function group_info(stream, group)
  if redis.call('EXISTS', stream) == 0 then return nil end
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local info = fields_of(flat)
    if info['name'] == group then return info end
  end
  return nil
end

-- How many entries there are after `from` and up to `to`; nil when there are more than COUNT_LIMIT.
local function count_between(stream, from, to)
  local count, start = 0, '(' .. from
  while true do
    local chunk = redis.call('XRANGE', stream, start, to, 'COUNT', 500)
    count = count + #chunk
    if #chunk < 500 then return count end
    if count >= COUNT_LIMIT then return nil end
    start = '(' .. chunk[#chunk][1]
  end
end

-- Where a missing group has to start. If anything is decided already, the group existed before, so the server
-- has lost data, and any entry in the stream may be undecided, wherever the watermark is. Reading all of them
-- costs look-ups; skipping one would lose it. So it never starts at `$`.
local START = '0-0'

-- With ENTRIESREAD, so that the group's lag is known from the start.
local function create_group(stream, group, position)
  local info = stream_info(stream)
  if not info then
    redis.call('XGROUP', 'CREATE', stream, group, position, 'MKSTREAM', 'ENTRIESREAD', 0)
    return
  end
  local ahead = count_between(stream, position, '+')
  if ahead then
    redis.call('XGROUP', 'CREATE', stream, group, position, 'ENTRIESREAD', info['entries-added'] - ahead)
  else
    redis.call('XGROUP', 'CREATE', stream, group, position)
  end
end
