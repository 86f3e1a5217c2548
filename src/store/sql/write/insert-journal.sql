-- In:   rows of position, request id, type, show id, stream ms, stream seq, decided at (ms), judged at (ms),
--       late (0/1), data, partition; request id, show id and stream id may be null.
-- Rows: the decisions inserted. Error 1062 on key journal_request = one of the requests has a decision
--       already.
INSERT INTO journal
  (position, request_id, type, show_id, stream_ms, stream_seq, decided_at_ms, judged_at_ms, late, data, partition_id)
VALUES (:number, :hex?, :text, :hex?, :number?, :number?, :number, :number?, :number, :text, :number)
