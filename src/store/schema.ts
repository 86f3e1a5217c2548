import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  int,
  mysqlTable,
  primaryKey,
  smallint,
} from 'drizzle-orm/mysql-core';

/**
 * The tables, as `npm run migrations` turns them into infra/migrations. Changes are additive only: the old
 * build keeps running beside the new one while a deployment rolls.
 *
 * Whatever is compared is bytes: a server's own default may hold that 'Alice' = 'alice' = 'Alice '. Whatever a
 * person reads names its character set here, since the database's default may be latin1. Columns hold at least
 * what domain/limits.ts allows; JSON_TABLE in sql/ is wider still, so that too much is refused and never cut.
 */

const binary = customType<{ data: Buffer; config: { length: number }; configRequired: true }>({
  dataType: ({ length }) => `binary(${length})`,
});
const varbinary = customType<{ data: Buffer; config: { length: number }; configRequired: true }>({
  dataType: ({ length }) => `varbinary(${length})`,
});
const utf8 = customType<{ data: string; config: { type: string }; configRequired: true }>({
  dataType: ({ type }) => `${type} character set utf8mb4 collate utf8mb4_bin`,
});
const mediumblob = customType<{ data: Buffer }>({ dataType: () => 'mediumblob' });

/** A stream id's halves and positions are unsigned 64-bit: no JavaScript number on the way. */
const u64 = { mode: 'bigint', unsigned: true } as const;
/** Milliseconds since the epoch. */
const ms = { mode: 'number', unsigned: true } as const;

const id = (name: string) => binary(name, { length: 16 });
const partitionId = () => smallint('partition_id', { unsigned: true }).notNull();
const word = (name: string) => utf8(name, { type: 'varchar(40)' });

export const settings = mysqlTable('settings', {
  name: word('name').primaryKey(),
  value: utf8('value', { type: 'varchar(255)' }).notNull(),
});

export const partitions = mysqlTable('partitions', {
  id: smallint('id', { unsigned: true }).primaryKey(),
  epoch: bigint('epoch', u64).notNull(),
  /** Null until the first claim; equals nothing then. */
  claim: id('claim'),
  position: bigint('position', u64).notNull(),
  watermarkMs: bigint('watermark_ms', u64).notNull(),
  watermarkSeq: bigint('watermark_seq', u64).notNull(),
  clockMs: bigint('clock_ms', ms).notNull(),
  /** Null as an older build leaves it: the watermark's time then. */
  judgedMs: bigint('judged_ms', ms),
  owner: utf8('owner', { type: 'varchar(255)' }),
  claimedAtMs: bigint('claimed_at_ms', ms),
});

export const journal = mysqlTable(
  'journal',
  {
    partitionId: partitionId(),
    position: bigint('position', u64).notNull(),
    /** Null for decisions nobody asked for. */
    requestId: id('request_id').unique('journal_request'),
    type: word('type').notNull(),
    /** Null where the request named no show and found no reservation. */
    showId: id('show_id'),
    /** Null, as the request id is, for decisions nobody asked for. */
    streamMs: bigint('stream_ms', u64),
    streamSeq: bigint('stream_seq', u64),
    decidedAtMs: bigint('decided_at_ms', ms).notNull(),
    /** Null in rows of older builds. */
    judgedAtMs: bigint('judged_at_ms', ms),
    late: boolean('late').notNull(),
    /** The rest of the decision as JSON (journal-row.ts). A show of 100 pools is more than TEXT holds. */
    data: utf8('data', { type: 'mediumtext' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.partitionId, table.position] })],
);

/**
 * Where in the journal a reservation's later decisions are. The first one has the reservation's own id as its request,
 * so that the many reservations nothing ever happens to need neither a row here nor one more index on the journal.
 */
export const reservationDecisions = mysqlTable(
  'reservation_decisions',
  {
    reservationId: id('reservation_id').notNull(),
    partitionId: partitionId(),
    position: bigint('position', u64).notNull(),
  },
  (table) => [primaryKey({ columns: [table.reservationId, table.position] })],
);

export const shows = mysqlTable(
  'shows',
  {
    id: id('id').primaryKey(),
    partitionId: partitionId(),
    name: utf8('name', { type: 'varchar(255)' }).notNull(),
    revision: int('revision', { unsigned: true }).notNull(),
    openedAtMs: bigint('opened_at_ms', ms).notNull(),
    /** ShowRules as JSON. */
    rules: utf8('rules', { type: 'text' }).notNull(),
  },
  (table) => [index('shows_partition').on(table.partitionId, table.id)],
);

export const pools = mysqlTable(
  'pools',
  {
    showId: id('show_id').notNull(),
    poolId: varbinary('pool_id', { length: 64 }).notNull(),
    partitionId: partitionId(),
    ordinal: smallint('ordinal', { unsigned: true }).notNull(),
    name: utf8('name', { type: 'varchar(255)' }).notNull(),
    capacity: int('capacity').notNull(),
    /** Where capacity follows down to as places come back; null when it is there. */
    target: int('target'),
    held: int('held').notNull(),
    confirmed: int('confirmed').notNull(),
    asOfMs: bigint('as_of_ms', ms).notNull(),
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
    id: id('id').primaryKey(),
    partitionId: partitionId(),
    showId: id('show_id').notNull(),
    customerId: varbinary('customer_id', { length: 128 }).notNull(),
    status: word('status').notNull(),
    reason: word('reason'),
    poolId: varbinary('pool_id', { length: 64 }),
    /** Pairs of pool and quantity as JSON (reservation-row.ts). */
    lineList: utf8('line_list', { type: 'text' }).notNull(),
    reference: varbinary('reference', { length: 512 }),
    requestedMs: bigint('requested_ms', u64).notNull(),
    requestedSeq: bigint('requested_seq', u64).notNull(),
    decidedAtMs: bigint('decided_at_ms', ms),
    /** When a hold lapses, or lapsed. */
    expiresAtMs: bigint('expires_at_ms', ms),
    extended: boolean('extended').notNull().default(false),
    changedAtMs: bigint('changed_at_ms', ms),
    /** For a duplicate: the request that counts. */
    firstId: id('first_id'),
  },
  // Each index more costs the hot path. The second makes a batch 2 % slower for one hot show and 6 % for fifty; without
  // it, listing a quiet show would read through everybody else's.
  (table) => [
    index('reservations_customer').on(table.customerId, table.id),
    index('reservations_show').on(table.showId, table.id),
  ],
);

/** Live holds only, so that a show without holds pays nothing for finding those that are due. */
export const holds = mysqlTable(
  'holds',
  {
    reservationId: id('reservation_id').primaryKey(),
    partitionId: partitionId(),
    expiresAtMs: bigint('expires_at_ms', ms).notNull(),
  },
  (table) => [index('holds_due').on(table.partitionId, table.expiresAtMs, table.reservationId)],
);

/** Which request an Idempotency-Key belongs to; purged when it is too old to matter. */
export const requestKeys = mysqlTable(
  'request_keys',
  {
    keyHash: id('key_hash').primaryKey(),
    requestId: id('request_id').notNull(),
    fingerprint: id('fingerprint').notNull(),
    madeAtMs: bigint('made_at_ms', ms).notNull(),
  },
  (table) => [index('request_keys_age').on(table.madeAtMs)],
);

export const parked = mysqlTable(
  'parked',
  {
    partitionId: partitionId(),
    streamMs: bigint('stream_ms', u64).notNull(),
    streamSeq: bigint('stream_seq', u64).notNull(),
    /** Of the whole entry. In the key because Redis gives a stream id twice after a fail-over. */
    sha256: binary('sha256', { length: 32 }).notNull(),
    requestId: id('request_id'),
    /** The first 64 KiB, which is one byte more than BLOB holds. */
    raw: mediumblob('raw').notNull(),
    reason: utf8('reason', { type: 'text' }).notNull(),
    attempts: int('attempts', { unsigned: true }).notNull(),
    redrivenAs: word('redriven_as'),
    parkedAtMs: bigint('parked_at_ms', ms).notNull(),
    /** Somebody has said that nothing is to be done about it, when and why; null where nobody has. */
    dismissedAtMs: bigint('dismissed_at_ms', ms),
    dismissedBy: utf8('dismissed_by', { type: 'varchar(255)' }),
    dismissedBecause: utf8('dismissed_because', { type: 'varchar(2000)' }),
  },
  (table) => [
    primaryKey({ columns: [table.partitionId, table.streamMs, table.streamSeq, table.sha256] }),
    index('parked_request').on(table.requestId),
  ],
);
