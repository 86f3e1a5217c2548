#!lua
-- Appends requests to the stream of a partition, in their order.
--
-- KEYS  1 requests
-- ARGV  1 version of the codec, then the requests as that version writes them
-- Returns for each its stream id, or `!` and why the server refused it.
--
-- A script because one command for all that a turn of the event loop has costs the sender a fraction of what a
-- command each does. Each append stands for itself; pcall, or one that is refused would hide that others were made.
-- Without allow-oom: at maxmemory all of them are refused before the first is made.

local answers = {}
for i = 2, #ARGV do
  local id = redis.pcall('XADD', KEYS[1], '*', 'v', ARGV[1], 'r', ARGV[i])
  answers[i - 1] = type(id) == 'table' and '!' .. id.err or id
end
return answers
