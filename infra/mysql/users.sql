-- A database user for each role, with only the rights that the role needs. No user may change or delete journal entries.
-- Run it as an administrator before the first `onsale migrate`, and again before the first of a version that adds
-- tables; running it twice does no harm. npm start and the tests run every role as its user, so this is enough.
--
-- The passwords are for loopback: a deployment gives each user its own, e.g.
--   ALTER USER 'onsale-command'@'%' IDENTIFIED BY '…' REQUIRE SSL;

CREATE USER IF NOT EXISTS 'onsale-migrate'@'%' IDENTIFIED BY 'onsale-migrate';
CREATE USER IF NOT EXISTS 'onsale-command'@'%' IDENTIFIED BY 'onsale-command';
CREATE USER IF NOT EXISTS 'onsale-query'@'%' IDENTIFIED BY 'onsale-query';
CREATE USER IF NOT EXISTS 'onsale-api'@'%' IDENTIFIED BY 'onsale-api';
CREATE USER IF NOT EXISTS 'onsale-projector'@'%' IDENTIFIED BY 'onsale-projector';
CREATE USER IF NOT EXISTS 'onsale-operate'@'%' IDENTIFIED BY 'onsale-operate';

-- onsale migrate makes tables and records what it did.
GRANT CREATE, ALTER, INDEX, INSERT ON onsale.* TO 'onsale-migrate'@'%';
GRANT CREATE, SELECT, UPDATE ON onsale.migrations TO 'onsale-migrate'@'%';

-- The roles, table by table. 'onsale-api' is for a process that is both command and query. A table that does not
-- exist yet can be granted only together with CREATE, which is taken back at once.

-- migrations
GRANT CREATE, SELECT ON onsale.migrations TO 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';
REVOKE CREATE ON onsale.migrations FROM 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- settings
GRANT CREATE, SELECT ON onsale.settings TO 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT, UPDATE ON onsale.settings TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.settings FROM 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- partitions
GRANT CREATE, SELECT ON onsale.partitions TO 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT, UPDATE ON onsale.partitions TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.partitions FROM 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- journal
GRANT CREATE, SELECT ON onsale.journal TO 'onsale-query'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT ON onsale.journal TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.journal FROM 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- shows
GRANT CREATE, SELECT ON onsale.shows TO 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT, UPDATE ON onsale.shows TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.shows FROM 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- pools
GRANT CREATE, SELECT ON onsale.pools TO 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT, UPDATE ON onsale.pools TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.pools FROM 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- reservations
GRANT CREATE, SELECT ON onsale.reservations TO 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON onsale.reservations TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.reservations FROM 'onsale-command'@'%', 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- reservation_decisions
GRANT CREATE, SELECT ON onsale.reservation_decisions TO 'onsale-query'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT ON onsale.reservation_decisions TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.reservation_decisions FROM 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- holds
GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON onsale.holds TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.holds FROM 'onsale-projector'@'%';

-- request_keys
GRANT CREATE, SELECT ON onsale.request_keys TO 'onsale-command'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT, DELETE ON onsale.request_keys TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.request_keys FROM 'onsale-command'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- parked
GRANT CREATE, SELECT ON onsale.parked TO 'onsale-query'@'%', 'onsale-api'@'%';
GRANT CREATE, SELECT, INSERT, UPDATE ON onsale.parked TO 'onsale-projector'@'%';
REVOKE CREATE ON onsale.parked FROM 'onsale-query'@'%', 'onsale-api'@'%', 'onsale-projector'@'%';

-- onsale inspect, parked and verify only read. redrive marks what it sends again; adopt raises claims and writes
-- the pair id. rebuild fills new tables beside the live ones and then swaps them.
GRANT SELECT, LOCK TABLES ON onsale.* TO 'onsale-operate'@'%';
GRANT CREATE, UPDATE ON onsale.parked TO 'onsale-operate'@'%';
GRANT CREATE, UPDATE ON onsale.partitions TO 'onsale-operate'@'%';
GRANT CREATE, INSERT, UPDATE ON onsale.settings TO 'onsale-operate'@'%';
REVOKE CREATE ON onsale.parked FROM 'onsale-operate'@'%';
REVOKE CREATE ON onsale.partitions FROM 'onsale-operate'@'%';
REVOKE CREATE ON onsale.settings FROM 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.shows TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.shows_rebuild TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.shows_before TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.pools TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.pools_rebuild TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.pools_before TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.reservations TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.reservations_rebuild TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.reservations_before TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.holds TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.holds_rebuild TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.holds_before TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.reservation_decisions TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.reservation_decisions_rebuild TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.reservation_decisions_before TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.request_keys TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.request_keys_rebuild TO 'onsale-operate'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON onsale.request_keys_before TO 'onsale-operate'@'%';
