import { Buffer } from 'node:buffer';
import { and, eq, max, sql } from 'drizzle-orm';
import { failureOf, serverErrorOf } from '../../../src/store/database/database-error.ts';
import { bytesOf } from '../../../src/store/database/parameters.ts';
import { flag, newFilteredQuery, newQuery, plainNumber } from '../../../src/store/database/queries.ts';
import type { Session, Values } from '../../../src/store/database/session.ts';
import { reservations } from '../../../src/store/schema.ts';
import { reservationId, showId } from '../../domain/generate.ts';
import { assert, suite } from '../../support/suite.ts';
import { newCustomerId } from '../story.ts';

const test = suite('queries over our own sessions');

interface SentStatement {
  readonly sql: string;
  readonly values: Values;
}

/** A session that implements `arrays` only. */
const newSession = (answer: (asked: SentStatement) => Promise<unknown[][]>): Session => {
  const none = async (): Promise<never> => {
    throw new Error('nobody asks this');
  };
  return {
    arrays: (sql, values) => answer({ sql, values }),
    rows: none,
    change: none,
    insert: none,
    run: none,
    ping: none,
    destroy: () => undefined,
    gone: new Promise(() => undefined),
    home: 'nowhere',
  };
};

const ofCustomer = newQuery(
  { customer: reservations.customerId, show: reservations.showId, limit: plainNumber },
  (db, { customer, show, limit }) =>
    db
      .select({ id: reservations.id, status: reservations.status })
      .from(reservations)
      .where(and(eq(reservations.customerId, customer), eq(reservations.showId, show)))
      .limit(limit),
);

const alice = newCustomerId('alice@example.com');

test('values travel as their columns have them, and numbers as text', async () => {
  const asked: SentStatement[] = [];
  const session = newSession(async (it) => {
    asked.push(it);
    return [];
  });
  await ofCustomer.rows(session, { customer: alice, show: showId(1), limit: 10 });
  assert.equal(asked, [{ sql: ofCustomer.sql, values: [Buffer.from(alice), bytesOf(showId(1)), '10'] }]);
});

test('asked of two sessions in one turn, each gets the question of its own', async () => {
  const answering = (n: number): Session =>
    newSession(async ({ values }) => [[bytesOf(reservationId(n)), `held by ${String(values[2])}`]]);
  const values = { customer: alice, show: showId(1) };
  const answers = await Promise.all(
    [1, 2, 3].map((n) => ofCustomer.rows(answering(n), { ...values, limit: n })),
  );
  assert.equal(
    answers.map(([row]) => row?.id),
    [1, 2, 3].map((n) => reservationId(n)),
  );
});

const lockWait = Object.assign(new Error('Lock wait timeout exceeded'), { errno: 1205, sqlState: 'HY000' });

test("what fails is the server's own error: it names no parameter, and means what it meant", async () => {
  const session = newSession(async () => {
    throw lockWait;
  });
  try {
    await ofCustomer.rows(session, { customer: alice, show: showId(1), limit: 10 });
    assert.unreachable();
  } catch (error) {
    assert.is(error, lockWait);
    assert.is(failureOf(error), 'conflict');
    assert.is(serverErrorOf(error)?.errno, 1205);
    const told = `${String(error)} ${error instanceof Error ? error.stack : ''} ${JSON.stringify(error)}`;
    assert.not.match(told, 'alice');
  }
});

test('a filter that was not asked for is no part of the question', async () => {
  const filtered = newFilteredQuery(
    { customer: reservations.customerId },
    { status: reservations.status, extended: flag },
    (db, { customer, status, extended }) =>
      db
        .select({ id: reservations.id })
        .from(reservations)
        .where(
          and(
            eq(reservations.customerId, customer),
            status && eq(reservations.status, status),
            extended && eq(reservations.extended, true),
          ),
        ),
  );
  const asked: SentStatement[] = [];
  const session = newSession(async (it) => {
    asked.push(it);
    return [];
  });
  await filtered.rows(session, { customer: alice });
  await filtered.rows(session, { customer: alice, status: 'held' });
  assert.equal(asked, [
    { sql: filtered.sqlWith(), values: [Buffer.from(alice)] },
    { sql: filtered.sqlWith('status'), values: [Buffer.from(alice), 'held'] },
  ]);
  assert.not.match(filtered.sqlWith(), '`status`');
  assert.match(filtered.sqlWith('extended'), '`extended` = ');
});

test('a computed value is decoded as it says', async () => {
  const summed = newQuery({ show: reservations.showId }, (db, { show }) =>
    db
      .select({ newest: max(reservations.id), rows: sql`COUNT(*)`.mapWith(Number) })
      .from(reservations)
      .where(eq(reservations.showId, show)),
  );
  const session = newSession(async () => [
    [bytesOf(reservationId(7)), '12'],
    [null, '0'],
  ]);
  const rows = [
    { newest: reservationId(7), rows: 12 },
    { newest: null, rows: 0 },
  ];
  assert.equal(await summed.rows(session, { show: showId(1) }), rows);
});

test('a query with a placeholder that is no parameter cannot be built', () => {
  const build = () =>
    newQuery({}, (db) =>
      db
        .select({ id: reservations.id })
        .from(reservations)
        .where(eq(reservations.id, sql.placeholder('id'))),
    );
  assert.throws(build, /placeholder .* id$/);
});
