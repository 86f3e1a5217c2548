import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { realClock } from '../../src/cli/system.ts';
import type { ReservationId, ShowId } from '../../src/domain/ids.ts';
import { pendingReservation } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { ParkedEntry } from '../../src/store/contract.ts';
import type { Store } from '../../src/store/open-store.ts';
import { type RebuildResult, rebuildTables } from '../../src/store/rebuild/rebuild-tables.ts';
import type { RebuildOptions } from '../../src/store/rebuild/work.ts';
import { createDatabase } from '../support/servers.ts';
import { assert } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import {
  BASE_MS,
  changing,
  confirmed,
  held,
  keyOf,
  lineOf,
  newCustomerId,
  newId,
  newOwner,
  newPoolId,
  type Owner,
  opening,
  refOf,
  rejected,
} from './story.ts';

export const readTables = [
  'shows',
  'pools',
  'reservations',
  'holds',
  'reservation_decisions',
  'request_keys',
] as const;

/** A database with shows and reservations, to be rebuilt. */
export interface RebuildWorld {
  readonly url: string;
  readonly store: Store;
  readonly sql: Connection;
  /** The owner of partition 1 and its show, whose pool `a` has room for one more. */
  readonly owner: Owner;
  readonly show: ShowId;
  readonly rebuild: (changes?: Partial<RebuildOptions>) => Promise<RebuildResult>;
  readonly rows: (query: string) => Promise<readonly RowDataPacket[]>;
  /** The whole content of the read tables, byte for byte, and the definition of each table. */
  readonly dump: () => Promise<ReadonlyMap<string, unknown>>;
  /** The tables of a rebuild's own that exist. */
  readonly leftOver: () => Promise<readonly string[]>;
  /** Damages the tables as only an edit by hand could: eight differences, some in every table. */
  readonly damage: () => Promise<void>;
  /** The number of places confirmed in pool `a`. */
  readonly taken: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export const openRebuildWorld = async (): Promise<RebuildWorld> => {
  const database = await createDatabase();
  const store = await openMigratedStore(database.url, { leaseTtlMs: 3_000, poolSize: 6 });
  await store.agreePartitions({ partitions: 3, rule: 'uuid8' });
  const sql = await createConnection({ uri: database.url, supportBigNumbers: true, bigNumberStrings: true });
  const rows: RebuildWorld['rows'] = async (query) => (await sql.query<RowDataPacket[]>(query))[0];
  const life = await writeLife(store);
  return {
    url: database.url,
    store,
    sql,
    rows,
    ...life,
    rebuild: (changes = {}) => rebuildTables({ ...usually, url: database.url, ...changes }),
    dump: () => dumpOf(rows),
    leftOver: async () =>
      (await rows('SHOW TABLES'))
        .map((row) => String(Object.values(row)[0]))
        .filter((name) => /_(?:rebuild|before|kept)/.test(name)),
    damage: async () => {
      for (const statement of damages) await sql.query(statement);
    },
    taken: async () => {
      const ledger = (await store.partitionStore.ledgers([life.show])).get(life.show);
      return ledger?.pools.find(({ id }) => id === 'a')?.confirmed ?? 0;
    },
    close: async () => {
      sql.destroy();
      await store.close();
      await database.drop();
    },
  };
};

const usually = {
  dryRun: false,
  keep: false,
  pace: 1_000_000,
  signal: new AbortController().signal,
  clock: realClock,
  random: Math.random,
  report: () => undefined,
} satisfies Partial<RebuildOptions>;

const dumpOf = async (rows: RebuildWorld['rows']): Promise<ReadonlyMap<string, unknown>> => {
  const all = new Map<string, unknown>();
  for (const table of readTables) {
    const [definition] = await rows(`SHOW CREATE TABLE ${table}`);
    all.set(table, [definition?.['Create Table'], await rows(`SELECT * FROM ${table} ORDER BY 1, 2, 3`)]);
  }
  return all;
};

const damages = [
  "UPDATE pools SET confirmed = confirmed - 2 WHERE pool_id = 'b'",
  "UPDATE reservations SET status = 'cancelled' WHERE reference = 'order 3'",
  "DELETE FROM reservations WHERE reference = 'order 4'",
  'DELETE FROM holds ORDER BY reservation_id LIMIT 1',
  "INSERT INTO holds VALUES (UNHEX(REPEAT('ab', 16)), 1, 17)",
  "UPDATE request_keys SET fingerprint = UNHEX(REPEAT('cd', 16)) ORDER BY key_hash LIMIT 1",
  'DELETE FROM reservation_decisions ORDER BY position LIMIT 1',
  "UPDATE shows SET name = 'by hand'",
] as const;

const parkedWith = (showId: ShowId): ParkedEntry => {
  const streamId = newStreamId(BASE_MS + 77, 0);
  const reservationId: ReservationId = newId(1);
  const request = { reservationId, showId, customerId: newCustomerId('parked'), lines: [lineOf('b', 1)] };
  return {
    streamId,
    requestId: reservationId,
    reservation: pendingReservation({ type: 'ReservationRequested', ...request }, streamId),
    raw: Buffer.from('raw'),
    why: 'it could not be decided',
    parkedAtMs: BASE_MS,
    attempts: 1,
  };
};

/**
 * Writes a show of partition 1 with reservations in every state, keys, a parked entry, and a pool whose
 * capacity has a lower target.
 */
const writeLife = async (store: Store): Promise<{ readonly owner: Owner; readonly show: ShowId }> => {
  const owner = await newOwner(store.partitionStore, 1);
  const show = newId(1);
  await owner.commit([opening(show, { b: 50, a: 7, d: 3 })]);
  for (let n = 0; n < 5; n += 1) {
    const hold = held(show, [lineOf('a', 1), lineOf('b', 2)], { expiresAtMs: BASE_MS + n });
    const other = held(show, [lineOf('b', 1)], { expiresAtMs: BASE_MS + 5_000, customer: '서울' });
    await owner.commit([
      { decision: confirmed(show, [lineOf('b', n + 1)], { reference: `order ${n}` }), key: keyOf(`k${n}`) },
      rejected(show, [lineOf('a', 9)], { reason: 'sold-out', poolId: newPoolId('a') }),
      hold,
      other,
    ]);
    await owner.commit([{ type: 'HoldExtended', ...refOf(hold), expiresAtMs: BASE_MS + 900 }]);
    await owner.commit([
      n % 2 === 0
        ? { type: 'ReservationConfirmed', ...refOf(hold), lines: hold.lines, reference: 'paid', from: 'held' }
        : { type: 'HoldExpired', ...refOf(hold), released: hold.lines },
      { type: 'RequestSatisfied', asked: 'CancellationRequested', ...refOf(hold) },
    ]);
  }
  const target = changing(show, { b: { capacity: 26, target: 1 }, a: 7, c: 2 }, { holdSeconds: 5 });
  assert.equal(await owner.commit([target], [parkedWith(show)]), { type: 'committed' });
  return { owner, show };
};
