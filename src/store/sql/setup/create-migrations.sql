-- The table of the migration runner itself: one row per statement, written before it runs and updated after
-- it.
CREATE TABLE IF NOT EXISTS migrations (
  file VARBINARY(200) NOT NULL,
  statement INT UNSIGNED NOT NULL,
  checksum BINARY(32) NOT NULL,
  done BOOLEAN NOT NULL,
  PRIMARY KEY (file, statement)
)
