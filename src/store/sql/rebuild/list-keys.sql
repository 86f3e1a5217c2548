-- A pattern: {table}, its {shadow}, their {key} and which rows are {counted} are filled in.
-- In:   the keys behind which and up to which to list; the same again; keys a page.
-- Rows: keys that either of the two has, in order.
SELECT t.{key} AS found FROM {table} AS t WHERE t.{key} > ? AND t.{key} <= ? AND {counted}
UNION
SELECT t.{key} FROM {shadow} AS t WHERE t.{key} > ? AND t.{key} <= ? AND {counted}
ORDER BY found LIMIT ?
