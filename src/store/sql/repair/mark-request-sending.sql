-- In:   request id (16 bytes).
-- Rows: other entries of the same request that are parked: any one of them would keep it from being decided.
UPDATE parked SET redriven_as = 'sending' WHERE request_id = ? AND redriven_as IS NULL
