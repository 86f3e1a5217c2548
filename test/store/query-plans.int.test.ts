import { Buffer } from 'node:buffer';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { ParkedEntry } from '../../src/store/contract.ts';
import { loadSql } from '../../src/store/database/load-sql.ts';
import { bytesOf } from '../../src/store/database/parameters.ts';
import { openSession, type Session, type Values } from '../../src/store/database/session.ts';
import type { Store } from '../../src/store/open-store.ts';
import { listDecisionsOfReservation, listParkedOfRequest } from '../../src/store/read/read-reservations.ts';
import { listParked } from '../../src/store/repair/read-parked.ts';
import { listJournal } from '../../src/store/snapshot/decisions.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import { BASE_MS, confirmed, lineOf, newId, newOwner, opening } from './story.ts';

const test = suite('plans of queries, on a real server', { timeoutMs: 60_000 });

const partition = 1;
const rows = 1_000;

let database: Database;
let store: Store;
let session: Session;
/** A reservation with a decision: only such a one shows which index the lookup uses. */
const known = newId(partition);

const parkedEntry = (n: number): ParkedEntry => ({
  streamId: newStreamId(BASE_MS + n, 0),
  requestId: newId(partition),
  raw: Buffer.from(`an entry ${n}`),
  why: 'it cannot be read',
  parkedAtMs: BASE_MS + n,
  attempts: 1,
});

test.before(async () => {
  database = await createDatabase();
  store = await openMigratedStore(database.url);
  const limits = { connectMs: 10_000, queryMs: 60_000, silenceMs: 60_000, lockWaitMs: 1_000 };
  session = await openSession(database.url, limits);
  const owner = await newOwner(store.partitionStore, partition);
  const show = newId(partition);
  const shows = Array.from({ length: 300 }, () => opening(newId(partition), { a: 1 }));
  await owner.commit([opening(show, { a: rows }), ...shows]);
  const sold = Array.from({ length: rows }, (_, n) =>
    confirmed(show, [lineOf('a', 1)], { id: n === 0 ? known : newId(partition) }),
  );
  await owner.commit(
    sold,
    Array.from({ length: 300 }, (_, n) => parkedEntry(n)),
  );
  for (const table of ['shows', 'pools', 'journal', 'parked', 'reservation_decisions'])
    await session.rows(`ANALYZE TABLE ${table}`);
});

test.after(async () => {
  session.destroy();
  await store.close();
  await database.drop();
});

interface Plan {
  readonly sql: string;
  readonly values: Values;
  /** By table, the index that the server reads it by. */
  readonly keys: Readonly<Record<string, string>>;
}

const [first, last, aHash] = [Buffer.alloc(16), Buffer.alloc(16, 0xff), Buffer.alloc(32)];
const plans: Readonly<Record<string, Plan>> = {
  'shows of a partition': {
    sql: loadSql('read/list-ledgers-of-partition'),
    values: [String(partition), first, '50'],
    keys: { shows: 'shows_partition', p: 'PRIMARY' },
  },
  'newest shows': {
    sql: loadSql('read/list-shows'),
    values: [last, '50'],
    keys: { shows: 'PRIMARY', p: 'PRIMARY' },
  },
  'a range of the journal': {
    sql: listJournal.sql,
    values: [String(partition), '500', '100'],
    keys: { journal: 'PRIMARY' },
  },
  'the decisions of a reservation': {
    sql: listDecisionsOfReservation.sql,
    values: [bytesOf(known), bytesOf(known), '1000'],
    keys: { journal: 'journal_request,PRIMARY', reservation_decisions: 'PRIMARY' },
  },
  'what is parked of a request': {
    sql: listParkedOfRequest.sql,
    values: [first, '100'],
    keys: { parked: 'parked_request' },
  },
  'what is parked in a partition': {
    sql: loadSql('snapshot/list-parked-keys'),
    values: [String(partition), ...['7', '7', '0', '7', '0'], aHash, '1000'],
    keys: { parked: 'PRIMARY' },
  },
  'a page of what is parked': {
    sql: listParked.sqlWith('undismissed'),
    values: ['64', '0', '0', '0', first, '50'],
    keys: { parked: 'PRIMARY', journal: 'journal_request', again: 'parked_request' },
  },
};

for (const [what, { sql, values, keys }] of Object.entries(plans))
  test(`${what} are found by an index`, async () => {
    const steps = await session.rows(`EXPLAIN ${sql}`, values);
    const met = new Map<string, string[]>();
    for (const { table, key } of steps) {
      // A table without a name is the result of an earlier step.
      const isOwn = typeof table === 'string' && !table.startsWith('<');
      if (isOwn) met.set(table, [...(met.get(table) ?? []), String(key)]);
    }
    assert.equal(
      Object.fromEntries([...met].map(([table, used]) => [table, used.join()])),
      keys,
      JSON.stringify(steps),
    );
  });
