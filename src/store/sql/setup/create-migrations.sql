-- The runner's own table: one row a statement, before and after it ran.
CREATE TABLE IF NOT EXISTS migrations (
  file VARBINARY(200) NOT NULL,
  statement INT UNSIGNED NOT NULL,
  checksum BINARY(32) NOT NULL,
  done BOOLEAN NOT NULL,
  PRIMARY KEY (file, statement)
)
