#!lua flags=allow-oom
-- Writes the boards of some shows of a partition.
--
-- KEYS  1 lease, then two for each show: board, full
-- ARGV  1 lease token   2 life of a full note (ms), then two for each show: board, full ('' when nothing is full)
-- Returns 0 when the lease is another's, else 1.
--
-- Atomic so that an owner that was frozen and has lost its lease cannot overwrite the boards of its successor, and so that
-- no reader sees a board together with the full pools of another moment.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end

for i = 2, #KEYS, 2 do
  local board, full = KEYS[i], KEYS[i + 1]
  local board_text, full_text = ARGV[i + 1], ARGV[i + 2]
  -- Boards rarely change, but full notes are refreshed twice a second. Unchanged boards are not written
  -- again, to keep the append-only file small.
  if redis.call('GET', board) ~= board_text then redis.call('SET', board, board_text) end
  if full_text == '' then
    redis.call('DEL', full)
  else
    redis.call('SET', full, full_text, 'PX', ARGV[2])
  end
end
return 1
