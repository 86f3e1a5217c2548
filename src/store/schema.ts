import { sql } from 'drizzle-orm';
import { boolean, check, index, mysqlTable, primaryKey } from 'drizzle-orm/mysql-core';
import { parseCustomerId, parsePoolId } from '../domain/ids.ts';
import * as column from './database/column-types.ts';
import { readAs } from './database/columns.ts';
import { parseReason, parseStatus, readLines } from './database/stored-values.ts';

/**
 * The tables. `npm run migrations` turns them into infra/migrations, and queries.ts reads each column by its
 * type here. Changes are additive only: the old build keeps running beside the new one during a rolling
 * deployment.
 *
 * Columns that are compared hold bytes, because with a server's default collation 'Alice' = 'alice' = 'Alice
 * ' may be true. Columns that people read name their character set here, since the database's default may be
 * latin1. Columns hold at least what domain/limits.ts allows. JSON_TABLE in sql/ is wider still, so that a
 * value that is too long is refused and never cut.
 */

const partitionId = () => column.whole('partition_id', 'smallint unsigned').notNull();
const hash = (name: string) => column.bytes(name, 'binary(16)');
const word = (name: string) => column.text(name, 'varchar(40)');

export const settings = mysqlTable('settings', {
  name: word('name').primaryKey(),
  value: column.text('value', 'varchar(255)').notNull(),
});

export const partitions = mysqlTable('partitions', {
  id: column.whole('id', 'smallint unsigned').primaryKey(),
  epoch: column.whole('epoch', 'bigint unsigned').notNull(),
  /** Null until the first claim; no token equals null. */
  claim: hash('claim'),
  position: column.whole('position', 'bigint unsigned').notNull(),
  watermarkMs: column.half('watermark_ms').notNull(),
  watermarkSeq: column.half('watermark_seq').notNull(),
  clockMs: column.ms('clock_ms').notNull(),
  /** Null when an older build wrote the row; the time of the watermark counts then. */
  judgedMs: column.ms('judged_ms'),
  owner: column.text('owner', 'varchar(255)'),
  claimedAtMs: column.ms('claimed_at_ms'),
});

export const journal = mysqlTable(
  'journal',
  {
    partitionId: partitionId(),
    position: column.whole('position', 'bigint unsigned').notNull(),
    /** Null for decisions without a request. */
    requestId: column.requestId('request_id').unique('journal_request'),
    type: word('type').notNull(),
    /** Null if the request named no show and its reservation does not exist. */
    showId: column.showId('show_id'),
    /** Null for decisions without a request. */
    streamMs: column.half('stream_ms'),
    streamSeq: column.half('stream_seq'),
    decidedAtMs: column.ms('decided_at_ms').notNull(),
    /** Null in rows of older builds. */
    judgedAtMs: column.ms('judged_at_ms'),
    late: boolean('late').notNull(),
    /** The rest of the decision as JSON (journal-row.ts). A show of 100 pools is longer than TEXT allows. */
    data: column.text('data', 'mediumtext').notNull(),
  },
  (table) => [primaryKey({ columns: [table.partitionId, table.position] })],
);

/**
 * The positions of a reservation's later decisions in the journal. The first decision is found by its request
 * id, which is the reservation's id. So the many reservations without later decisions need neither a row here
 * nor an index on the journal.
 */
export const reservationDecisions = mysqlTable(
  'reservation_decisions',
  {
    reservationId: column.reservationId('reservation_id').notNull(),
    partitionId: partitionId(),
    position: column.whole('position', 'bigint unsigned').notNull(),
  },
  (table) => [primaryKey({ columns: [table.reservationId, table.position] })],
);

export const shows = mysqlTable(
  'shows',
  {
    id: column.showId('id').primaryKey(),
    partitionId: partitionId(),
    name: column.text('name', 'varchar(255)').notNull(),
    revision: column.whole('revision', 'int unsigned').notNull(),
    openedAtMs: column.ms('opened_at_ms').notNull(),
    /** ShowRules as JSON. */
    rules: column.text('rules', 'text').notNull(),
  },
  (table) => [index('shows_partition').on(table.partitionId, table.id)],
);

export const pools = mysqlTable(
  'pools',
  {
    showId: column.showId('show_id').notNull(),
    poolId: column.bytesAs('pool_id', 'varbinary(64)', parsePoolId).notNull(),
    partitionId: partitionId(),
    ordinal: column.whole('ordinal', 'smallint unsigned').notNull(),
    name: column.text('name', 'varchar(255)').notNull(),
    capacity: column.whole('capacity', 'int').notNull(),
    /** The value that capacity is lowered to as places come back; null when it is reached. */
    target: column.whole('target', 'int'),
    held: column.whole('held', 'int').notNull(),
    confirmed: column.whole('confirmed', 'int').notNull(),
    asOfMs: column.ms('as_of_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.showId, table.poolId] }),
    check('pools_never_oversold', sql`held + confirmed <= capacity`),
    check('pools_never_negative', sql`held >= 0 AND confirmed >= 0`),
  ],
);

export const reservations = mysqlTable(
  'reservations',
  {
    id: column.reservationId('id').primaryKey(),
    partitionId: partitionId(),
    showId: column.showId('show_id').notNull(),
    customerId: column.bytesAs('customer_id', 'varbinary(128)', parseCustomerId).notNull(),
    status: column.textAs('status', 'varchar(40)', readAs(parseStatus)).notNull(),
    reason: column.textAs('reason', 'varchar(40)', readAs(parseReason)),
    poolId: column.bytesAs('pool_id', 'varbinary(64)', parsePoolId),
    /** Pairs of pool and quantity as JSON (stored-values.ts). */
    lines: column.textAs('line_list', 'text', readLines).notNull(),
    reference: column.bytesAs('reference', 'varbinary(512)', String),
    requestedMs: column.ms('requested_ms').notNull(),
    requestedSeq: column.half('requested_seq').notNull(),
    decidedAtMs: column.ms('decided_at_ms'),
    /** The time when the hold lapses or lapsed. */
    expiresAtMs: column.ms('expires_at_ms'),
    extended: boolean('extended').notNull().default(false),
    changedAtMs: column.ms('changed_at_ms'),
    /** For a duplicate: the id of the request that counts. */
    firstId: column.requestId('first_id'),
  },
  // Every index makes the hot path slower. The second one makes a batch 2 % slower with one hot show and 6 %
  // slower with fifty. Without it, listing a quiet show would read all other shows' reservations too.
  (table) => [
    index('reservations_customer').on(table.customerId, table.id),
    index('reservations_show').on(table.showId, table.id),
  ],
);

/** Contains live holds only, so that a show without holds costs nothing when due holds are looked up. */
export const holds = mysqlTable(
  'holds',
  {
    reservationId: column.reservationId('reservation_id').primaryKey(),
    partitionId: partitionId(),
    expiresAtMs: column.ms('expires_at_ms').notNull(),
  },
  (table) => [index('holds_due').on(table.partitionId, table.expiresAtMs, table.reservationId)],
);

/** Which request an Idempotency-Key belongs to; purged when it is too old to matter. */
export const requestKeys = mysqlTable(
  'request_keys',
  {
    keyHash: hash('key_hash').primaryKey(),
    requestId: column.requestId('request_id').notNull(),
    fingerprint: hash('fingerprint').notNull(),
    madeAtMs: column.ms('made_at_ms').notNull(),
  },
  (table) => [index('request_keys_age').on(table.madeAtMs)],
);

export const parked = mysqlTable(
  'parked',
  {
    partitionId: partitionId(),
    streamMs: column.half('stream_ms').notNull(),
    streamSeq: column.half('stream_seq').notNull(),
    /**
     * The hash of the whole entry. It is part of the key because Redis may give a stream id out twice after a
     * fail-over.
     */
    sha256: column.bytes('sha256', 'binary(32)').notNull(),
    requestId: column.requestId('request_id'),
    /** The first 64 KiB, which is one byte more than BLOB holds. */
    raw: column.bytes('raw', 'mediumblob').notNull(),
    reason: column.text('reason', 'text').notNull(),
    attempts: column.whole('attempts', 'int unsigned').notNull(),
    redrivenAs: word('redriven_as'),
    parkedAtMs: column.ms('parked_at_ms').notNull(),
    /**
     * When, by whom and why an operator decided that nothing needs to be done about the entry; null if no
     * operator has.
     */
    dismissedAtMs: column.ms('dismissed_at_ms'),
    dismissedBy: column.text('dismissed_by', 'varchar(255)'),
    dismissedBecause: column.text('dismissed_because', 'varchar(2000)'),
  },
  (table) => [
    primaryKey({ columns: [table.partitionId, table.streamMs, table.streamSeq, table.sha256] }),
    index('parked_request').on(table.requestId),
  ],
);
