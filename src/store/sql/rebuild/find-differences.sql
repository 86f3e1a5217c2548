-- A pattern: {table}, its {shadow}, their {key}, the {sum} of a row and which rows are {counted} are filled
-- in.
-- In:   a JSON array of keys (hex).
-- Rows: one per key for which the two tables differ: for each table the number of rows and their checksum.
SELECT c.id, c.live_rows, c.new_rows FROM (
  SELECT d.id,
    (SELECT CONCAT(COUNT(*), ' ', COALESCE(BIT_XOR({sum}), 0)) FROM {table} AS t
      WHERE t.{key} = UNHEX(d.id) AND {counted}) AS live_rows,
    (SELECT CONCAT(COUNT(*), ' ', COALESCE(BIT_XOR({sum}), 0)) FROM {shadow} AS t
      WHERE t.{key} = UNHEX(d.id) AND {counted}) AS new_rows
  FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS d
) AS c
WHERE c.live_rows <> c.new_rows
