-- In:   what became of it: a stream id, or null when it was certainly not sent; request id (16 bytes).
-- Rows: its entries that were marked as being sent.
UPDATE parked SET redriven_as = ? WHERE request_id = ? AND redriven_as = 'sending'
