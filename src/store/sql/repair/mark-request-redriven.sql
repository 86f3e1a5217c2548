-- In:   the outcome: a stream id, or null when the request was certainly not sent; request id (16 bytes).
-- Rows: the parked entries of this request that were marked as being sent.
UPDATE parked SET redriven_as = ? WHERE request_id = ? AND redriven_as = 'sending'
