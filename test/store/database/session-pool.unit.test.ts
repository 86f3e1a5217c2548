import { waitUntil } from '../../../infra/local/wait-until.ts';
import type { Logger } from '../../../src/domain/ports.ts';
import type { Session } from '../../../src/store/database/session.ts';
import type { SessionPool } from '../../../src/store/database/session-pool.ts';
import { assert, suite } from '../../support/suite.ts';
import { type NamedServer, type NamedServers, newNamedServers } from '../named-servers.ts';

const test = suite('store: a pool goes where the name of its database leads');

const probe = { everyMs: 5, reconnectMs: 20 };
const soon = { limitMs: 5_000, everyMs: 5 };

interface World extends NamedServers {
  readonly a: NamedServer;
  readonly b: NamedServer;
}

const newWorld = (): World => {
  const servers = newNamedServers();
  const [a, b] = [servers.add('a'), servers.add('b')];
  servers.leadTo(a);
  return { ...servers, a, b };
};

const borrowAll = (pool: SessionPool, count: number): Promise<readonly Session[]> =>
  Promise.all(Array.from({ length: count }, () => pool.borrow()));

const nameOf = ({ home }: Session): string => home;

const failing = async (promise: Promise<unknown>): Promise<string> =>
  await promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** Writes in a session and gives it back, as all code does. */
const write = async (pool: SessionPool): Promise<string> => {
  const session = await pool.borrow();
  const said = await failing(session.change('UPDATE'));
  pool.release(session);
  return said;
};

test('one refused write ends the session that heard it and all idle ones, and the borrowed ones on return', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  const pool = newPool();
  const [first, second, third] = await borrowAll(pool, 3);
  if (!first || !second || !third) throw new Error('three were borrowed');
  pool.release(third);
  a.isReadOnly = true;
  leadTo(b);
  await failing(second.change('UPDATE'));
  assert.is(a.open.size, 2, 'the idle one is gone at once');
  pool.release(second);
  assert.is(a.open.size, 1);
  assert.is(nameOf(await pool.borrow()), 'b, generation 1');
  pool.release(first);
  assert.is(a.open.size, 0);
  assert.is(b.open.size, 1);
  assert.equal(pool.standing(), { server: 'b', isReadOnly: false, generation: 1 });
  await pool.close();
});

test('an error of a session that was lent before the pool moved says nothing about where it is now', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  const pool = newPool();
  const [first, second] = await borrowAll(pool, 2);
  if (!first || !second) throw new Error('two were borrowed');
  a.isReadOnly = true;
  leadTo(b);
  await failing(first.change('UPDATE'));
  pool.release(await pool.borrow());
  await failing(second.change('UPDATE'));
  assert.is(pool.standing().generation, 1);
  assert.is(b.open.size, 1);
  await pool.close();
});

test('a server that is set read-only is left by those who only read, too', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  const pool = newPool({ probe: { everyMs: 5, reconnectMs: 60_000 } });
  pool.release(await pool.borrow());
  a.isReadOnly = true;
  leadTo(b);
  assert.ok(await waitUntil(() => pool.standing().server === 'b', soon));
  assert.is(a.open.size, 0);
  await pool.close();
});

test('where the name still leads to the read-only server reads go on there, until it leads elsewhere', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  let back = 0;
  const pool = newPool({ probe, onBack: () => (back += 1) });
  pool.release(await pool.borrow());
  a.isReadOnly = true;
  assert.ok(await waitUntil(() => pool.standing().isReadOnly, soon));
  const session = await pool.borrow();
  assert.match(nameOf(session), /^a, /);
  pool.release(session);
  const { generation } = pool.standing();
  assert.match(await write(pool), 'read-only');
  assert.is(pool.standing().generation, generation, 'what everybody knows ends no session');
  assert.is(back, 0);
  leadTo(b);
  assert.ok(await waitUntil(() => pool.standing().server === 'b', soon));
  assert.is(back, 1);
  assert.is(await write(pool), 'nothing was thrown');
  await pool.close();
});

test('a server that takes writes again is believed, with the sessions that are open', async () => {
  const { a, pool: newPool } = newWorld();
  const pool = newPool({ probe });
  pool.release(await pool.borrow());
  a.isReadOnly = true;
  assert.ok(await waitUntil(() => pool.standing().isReadOnly, soon));
  const { generation } = pool.standing();
  a.isReadOnly = false;
  assert.ok(await waitUntil(() => !pool.standing().isReadOnly, soon));
  assert.equal(pool.standing(), { server: 'a', isReadOnly: false, generation });
  await pool.close();
});

test('a name that moved is followed though the old server stays and takes writes', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  const pool = newPool({ probe });
  const [lent, idle] = await borrowAll(pool, 2);
  if (!lent || !idle) throw new Error('two were borrowed');
  pool.release(idle);
  leadTo(b);
  assert.ok(await waitUntil(() => pool.standing().server === 'b', soon));
  assert.is(a.open.size, 1);
  pool.release(lent);
  assert.is(a.open.size, 0);
  await pool.close();
});

test('no session is lent beside one on another server', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  const pool = newPool();
  const first = await pool.borrow();
  leadTo(b);
  const second = await pool.borrow();
  assert.match(nameOf(second), /^b, /);
  pool.release(first);
  assert.is(a.open.size, 0, 'not lent again');
  await pool.close();
});

test('behind a balancer all sessions are on one server, and nothing is given up for it', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  leadTo(a, b);
  const pool = newPool();
  const sessions = [await pool.borrow(), await pool.borrow(), await pool.borrow()];
  assert.equal(sessions.map(nameOf), Array(3).fill('a, generation 0'));
  assert.is(b.open.size, 0, 'those that came elsewhere are ended');
  await pool.close();
});

test('what was asked of a server that fell silent fails as soon as the name leads to another', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  const pool = newPool({ probe, size: 2 });
  const [first, second] = await borrowAll(pool, 2);
  if (!first || !second) throw new Error('two were borrowed');
  a.isSilent = true;
  const asked = [first, second].map((session) => failing(session.change('UPDATE')));
  const inLine = pool.borrow();
  leadTo(b);
  assert.equal(await Promise.all(asked), Array(2).fill('the session was given up'));
  assert.match(nameOf(await inLine), /^b, /, 'who stood in line has a session there');
  await pool.close();
});

test('a question is waited for while the server is at work on it, and no longer', async () => {
  const { a, connections, pool: newPool } = newWorld();
  const pool = newPool({ probe, size: 2 });
  const session = await pool.borrow();
  a.isSilent = true;
  a.atWork.add('1');
  let said: string | undefined;
  void failing(session.change('UPDATE')).then((error) => (said = error));
  const looked = connections() + 3;
  assert.ok(await waitUntil(() => connections() >= looked, soon));
  assert.is(said, undefined);
  a.atWork.clear();
  assert.ok(await waitUntil(() => said === 'the session was given up', soon));
  await pool.close();
});

test('whoever stands in line gets a session though an opening failed beside one that is kept', async () => {
  const { a, leadTo, pool: newPool } = newWorld();
  const pool = newPool({ probe, size: 2, waitMs: 60_000 });
  const kept = await pool.borrow();
  leadTo();
  const failed = failing(pool.borrow());
  const inLine = pool.borrow();
  assert.match(await failed, 'ECONNREFUSED');
  leadTo(a);
  const grown = await inLine;
  assert.match(nameOf(grown), /^a, /);
  for (const session of [kept, grown]) pool.release(session);
  await pool.close();
});

test('a database that is refused is lent to nobody, and its reason is heard at once; later it may pass', async () => {
  const { a, pool: newPool } = newWorld();
  let refusal: string | undefined;
  const pool = newPool({ probe, size: 1, check: async () => refusal });
  const lent = await pool.borrow();
  const waiting = failing(pool.borrow());
  refusal = 'not ours: run onsale adopt';
  assert.is(await waiting, refusal);
  assert.is(await failing(pool.borrow()), refusal);
  assert.is(pool.standing().refusal, refusal);
  pool.release(lent);
  assert.is(a.open.size, 0);
  refusal = undefined;
  assert.ok(await waitUntil(() => pool.standing().refusal === undefined, soon));
  assert.match(nameOf(await pool.borrow()), /^a, generation [1-9]/);
  await pool.close();
});

test('people read once that a pool moved and once that it is back, however often it is tried', async () => {
  const { a, b, leadTo, pool: newPool } = newWorld();
  const lines: string[] = [];
  const note =
    (level: string) =>
    (_: object, message: string): void => {
      lines.push(`${level} ${message}`);
    };
  const logger: Logger = {
    debug: () => undefined,
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  };
  // An idle session is probed first, however late the probes run.
  const pool = newPool({ probe: { everyMs: 5, reconnectMs: 60_000 }, logger });
  pool.release(await pool.borrow());
  a.isReadOnly = true;
  assert.ok(await waitUntil(() => pool.standing().isReadOnly, soon));
  for (let n = 0; n < 5; n += 1) await write(pool);
  leadTo(b);
  assert.ok(await waitUntil(() => pool.standing().server === 'b', soon));
  const isAbout = (text: string) => (line: string) => line.includes(text);
  assert.is(lines.filter(isAbout('read-only now')).length, 1, lines.join('\n'));
  assert.is(lines.filter(isAbout('MySQL is read-only on a: nothing can be decided there')).length, 1);
  assert.is(lines.filter(isAbout('on b, which takes writes')).length, 1, lines.join('\n'));
  await pool.close();
});
