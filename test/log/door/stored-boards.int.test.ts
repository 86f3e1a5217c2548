import { Redis } from 'ioredis';
import { waitUntil } from '../../../infra/local/wait-until.ts';
import type { BoardView } from '../../../src/log/contract.ts';
import { newBoards } from '../../../src/log/door/boards.ts';
import { boardKey, closingKey, fullKey, keysOf } from '../../../src/log/keys.ts';
import { showId } from '../../domain/generate.ts';
import { type OwnServer, startOwnRedis } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';
import { runIdOf } from '../run-id-of.ts';

const test = suite('boards of several shows');

let server: OwnServer;
let redis: Redis;

test.before(async () => {
  server = await startOwnRedis();
  redis = new Redis(server.url);
});
test.after(async () => {
  await redis.quit();
  await server.remove();
});

/** What each command that was sent meanwhile asks for, in the order in which Redis executed them. */
const readsWhile = async (work: () => Promise<unknown>): Promise<readonly (readonly string[])[]> => {
  const monitor = await redis.monitor();
  const reads: (readonly string[])[] = [];
  let hasEnded = false;
  monitor.on('monitor', (_time: string, [command = '', ...keys]: string[]) => {
    if (['mget', 'time'].includes(command)) reads.push([command, ...keys]);
    hasEnded ||= command === 'echo';
  });
  try {
    await work();
    await redis.echo('the end');
    await waitUntil(() => hasEnded, { limitMs: 10_000, everyMs: 5 });
    return reads;
  } finally {
    monitor.disconnect();
  }
};

test('shows that are asked for together are read together, and each gets its own answer', async () => {
  const [one, two, none, other] = [showId(1), showId(2), showId(3), showId(4, 5)];
  const board = (pool: string): string => `{"v":1,"revision":1,"rules":{},"pools":["${pool}"]}`;
  await redis.mset(
    boardKey(0, one),
    board('a'),
    boardKey(0, two),
    board('b'),
    boardKey(5, other),
    board('c'),
  );
  await redis.mset(
    keysOf(0).boardsSealed,
    await runIdOf(redis),
    fullKey(0, two),
    '{"v":1,"pools":[["b",true]]}',
    closingKey(5, other),
    '1',
  );
  for (const [isOneServer, commands] of [
    [true, 1],
    [false, 2],
  ] as const) {
    const boards = newBoards({ nodeOf: () => redis, isOneServer });
    const views: BoardView[] = [];
    const reads = await readsWhile(async () => {
      views.push(...(await Promise.all([one, two, none, other].map(boards.view))));
    });
    assert.equal(views.map(shown), ['a  ', 'b b ', 'unknown-show', 'c  closed']);
    assert.is(reads.filter(([command]) => command === 'mget').length, commands);
    assert.is(reads.filter(([command]) => command === 'time').length, 1);
  }
});

const shown = (view: BoardView): string =>
  view.type === 'board'
    ? `${view.board.pools} ${view.full.map(({ id }) => id)} ${view.board.rules.closed ? 'closed' : ''}`
    : view.type;
