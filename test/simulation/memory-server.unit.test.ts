import { assert, suite } from '../support/suite.ts';
import type { MemoryTransaction } from './memory-store/memory-transaction.ts';
import { Server } from './memory-store/server.ts';
import { newTables } from './memory-store/tables.ts';
import { newVirtualClock } from './virtual-clock.ts';

const test = suite('the database server in memory');

const newArena = () => {
  const clock = newVirtualClock();
  const tables = newTables();
  const server = new Server({ clock, tables, faultOf: () => undefined, onCommit: () => undefined });
  const begin = () => {
    const session = server.open({ silenceMs: 10_000, lockWaitMs: 1_000 });
    server.begin(session);
    return {
      run: (work: (transaction: MemoryTransaction) => void) => server.run(session, 'work', work),
      commit: () => server.commit(session),
      end: () => server.end(session),
    };
  };
  return { clock, tables, begin };
};

const set =
  (name: string, value: string) =>
  ({ own }: MemoryTransaction): void => {
    if (own.settings.locked(name)) own.settings.replace({ name, value });
    else own.settings.insert({ name, value });
  };

const settingIn = ({ tables }: ReturnType<typeof newArena>, name: string) => tables.settings.get(name)?.value;

const rejection = async (answer: void | Promise<void>): Promise<object> => {
  try {
    await answer;
  } catch (error) {
    if (error instanceof Error) return { ...error };
  }
  throw new Error('it did not fail');
};

test('of two that wait for each other the later is rolled back whole, and the other goes on', async () => {
  const arena = newArena();
  const [first, second] = [arena.begin(), arena.begin()];
  first.run(set('a', 'first'));
  second.run(set('b', 'second'));
  const waiting = first.run(set('b', 'first'));
  assert.equal(await rejection(second.run(set('a', 'second'))), { errno: 1213, sqlState: '40001' });
  await waiting;
  first.commit();
  assert.equal([settingIn(arena, 'a'), settingIn(arena, 'b')], ['first', 'first']);
});

test('three that wait in a circle are a deadlock too', async () => {
  const arena = newArena();
  const [first, second, third] = [arena.begin(), arena.begin(), arena.begin()];
  first.run(set('a', 'first'));
  second.run(set('b', 'second'));
  third.run(set('c', 'third'));
  const waits = [first.run(set('b', 'first')), second.run(set('c', 'second'))];
  assert.equal(await rejection(third.run(set('a', 'third'))), { errno: 1213, sqlState: '40001' });
  await waits[1];
  second.commit();
  await waits[0];
});

test('a lock goes to those who wait for it in the order in which they came', async () => {
  const arena = newArena();
  const [holder, ...others] = ['holder', 'one', 'two', 'three'].map((name) => ({ name, ...arena.begin() }));
  holder?.run(set('a', 'holder'));
  const order: string[] = [];
  const waits = others.map(async ({ name, run, commit }) => {
    await run(set('a', name));
    order.push(name);
    commit();
  });
  holder?.commit();
  await Promise.all(waits);
  assert.equal(order, ['one', 'two', 'three']);
  assert.is(settingIn(arena, 'a'), 'three');
});

test('a statement that fails takes back itself alone', async () => {
  const arena = newArena();
  const session = arena.begin();
  session.run(set('a', 'before'));
  const twice = ({ own }: MemoryTransaction): void => {
    own.settings.replace({ name: 'a', value: 'during' });
    own.settings.insert({ name: 'b', value: 'during' });
    own.settings.insert({ name: 'b', value: 'again' });
  };
  assert.throws(() => session.run(twice), /for key 'PRIMARY'/);
  session.run(set('c', 'after'));
  session.commit();
  assert.equal(
    ['a', 'b', 'c'].map((name) => settingIn(arena, name)),
    ['before', undefined, 'after'],
  );
});

test('a wait that takes too long ends alone, and its transaction goes on', async () => {
  const arena = newArena();
  const [first, second] = [arena.begin(), arena.begin()];
  first.run(set('a', 'first'));
  second.run(set('b', 'second'));
  const waiting = rejection(second.run(set('a', 'second')));
  await arena.clock.advance(1_000);
  assert.equal(await waiting, { errno: 1205, sqlState: 'HY000' });
  second.commit();
  assert.equal([settingIn(arena, 'a'), settingIn(arena, 'b')], [undefined, 'second']);
});

test('a connection that ends while it waits holds nothing any more', async () => {
  const arena = newArena();
  const [first, second, third] = [arena.begin(), arena.begin(), arena.begin()];
  first.run(set('a', 'first'));
  second.run(set('b', 'second'));
  const waiting = rejection(second.run(set('a', 'second')));
  const behind = third.run(set('b', 'third'));
  second.end();
  assert.equal(await waiting, { code: 'PROTOCOL_CONNECTION_LOST' });
  await behind;
  third.commit();
  assert.is(settingIn(arena, 'b'), 'third');
});
