import type { SessionPool } from '../../../src/store/database/session-pool.ts';
import { assert, suite } from '../../support/suite.ts';
import { newNamedServers } from '../named-servers.ts';

const test = suite('store: what a server says decides whether its sessions are given up');

/** Writes in a session and gives it back, as all code does. */
const write = async (pool: SessionPool): Promise<string> => {
  const session = await pool.borrow();
  const said = await session.change('UPDATE').then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  pool.release(session);
  return said;
};

const newWorld = () => {
  const servers = newNamedServers();
  const [a, b] = [servers.add('a'), servers.add('b')];
  servers.leadTo(a);
  return { ...servers, a, b };
};

for (const [errno, sqlState, said] of [
  [1836, 'HY000', 'Running in read-only mode'],
  [1792, '25006', 'Cannot execute statement in a READ ONLY transaction'],
  [1047, '08S01', 'WSREP has not yet prepared node for application use'],
  [1053, '08S01', 'Server shutdown in progress'],
  [3100, 'HY000', 'Error on observer while running replication hook'],
] as const)
  test(`a server that says ${errno} is left, whatever it was asked: ${said}`, async () => {
    const { a, b, leadTo, pool: newPool } = newWorld();
    const pool = newPool();
    pool.release(await pool.borrow());
    a.refusal = Object.assign(new Error(said), { errno, sqlState });
    leadTo(b);
    assert.is(await write(pool), said);
    assert.is(a.open.size, 0);
    assert.match((await pool.borrow()).home, /^b, generation 1/);
    await pool.close();
  });

for (const [errno, sqlState, said] of [
  [1213, '40001', 'Deadlock found when trying to get lock'],
  [1205, 'HY000', 'Lock wait timeout exceeded'],
  [1062, '23000', 'Duplicate entry'],
] as const)
  test(`a server that says ${errno} is stayed with: ${said}`, async () => {
    const { a, pool: newPool } = newWorld();
    const pool = newPool();
    pool.release(await pool.borrow());
    a.refusal = Object.assign(new Error(said), { errno, sqlState });
    assert.is(await write(pool), said);
    assert.is(a.open.size, 1);
    await pool.close();
  });
