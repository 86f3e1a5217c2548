#!lua
-- Appends requests to the stream of a partition, in their order. One that claims a key is appended only if no other
-- request has it.
--
-- KEYS  1 requests, then the keys that are claimed, in the order of their requests
-- ARGV  1 version of the codec, 2 how long a key is kept (ms); then for each request: the request, as that
--       version writes it, and its claim, as request-keys.ts writes it, or '' when it claims no key
-- Returns for each request: its stream id, or `!` and why the server refused it, or `=` and the claim that
-- was there before.
--
-- A script, because one command for all appends of a turn of the event loop costs the sender much less than
-- one for each, and because a claim in a separate command would wait for a separate fsync. The appends are
-- independent of each other; pcall, because an error in one would otherwise hide that others were made.
-- Without allow-oom, so that at maxmemory all appends are refused before the first is made.

local function append(request)
  local id = redis.pcall('XADD', KEYS[1], '*', 'v', ARGV[1], 'r', request)
  return type(id) == 'table' and '!' .. id.err or id
end

local claims = 1
-- Returns why the request may not be appended; nil when it may.
local function claim(value)
  if value == '' then return nil end
  claims = claims + 1
  local before = redis.pcall('SET', KEYS[claims], value, 'PX', ARGV[2], 'NX', 'GET')
  if type(before) == 'table' then return '!' .. before.err end
  if before and before ~= value then return '=' .. before end
  return nil
end

local answers = {}
for i = 3, #ARGV, 2 do
  answers[#answers + 1] = claim(ARGV[i + 1]) or append(ARGV[i])
end
return answers
