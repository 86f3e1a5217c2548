-- In:   request id (16 bytes).
-- Rows: the other parked entries of the same request: any one of them would prevent its decision.
UPDATE parked SET redriven_as = 'sending' WHERE request_id = ? AND redriven_as IS NULL
