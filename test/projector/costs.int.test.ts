import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { newAppender } from '../../src/log/append/append.ts';
import { closeConnection, connect } from '../../src/log/connection/connect.ts';
import { keysOf } from '../../src/log/keys.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import { step } from '../../src/projector/step.ts';
import type { Verdict } from '../../src/projector/verdict.ts';
import type { CommitVerdict } from '../../src/store/contract.ts';
import { request as ask, line, opening } from '../domain/generate.ts';
import { silent } from '../log/redis-log-world.ts';
import { claimFor } from '../store/claim-for.ts';
import { newSeller } from '../store/story.ts';
import { together } from '../store/together.ts';
import { assert, suite } from '../support/suite.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { openFixture, type ProjectorFixture, partition } from './projector-fixture.ts';

const test = suite('what reservations cost, in counts that no machine changes');

const many = 500;

let it: ProjectorFixture;
let producer: Redis;
let wire: TcpProxy;
let owned: OwnedPartition;
let next = 0;

test.before(async () => {
  it = await openFixture({
    batchMax: many,
    // One session only: a second one, or the pool's pings of idle ones, would be counted as well.
    poolSize: 1,
    leaseTtlMs: 3_600_000,
    storeUrlOf: async (url) => {
      wire = await startTcpProxy(url);
      return wire.url;
    },
  });
  producer = await connect({ url: it.urls.redisUrl, kind: 'producer', name: 'test', logger: silent });
  await it.append(opening({ stalls: 1_000_000 }));
  owned = await it.own();
  // From here on the servers have all scripts and statements cached.
  for (const count of [2, many]) {
    await append(count);
    while ((await nextStep()).type !== 'idle');
  }
});
test.after(async () => {
  await closeConnection(producer);
  await it.close();
  await wire.close();
});

/** Continues until reads reach their maximum size; how soon an owner gets there depends on the machine. */
const nextStep = (): Promise<Verdict> => {
  owned.readMax = many;
  return step(owned);
};

const append = async (count: number): Promise<void> => {
  const appender = newAppender({ nodeOf: () => producer, durability: 'disk' });
  const requests = Array.from({ length: count }, () => ask(++next, [line('stalls', 1)]));
  const verdicts = await Promise.all(requests.map((request) => appender.append(partition, request)));
  assert.ok(verdicts.every(({ type }) => type === 'appended'));
};

/** Number of calls per command while `work` ran, including calls by scripts. */
const commandsOf = async (work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> => {
  await it.redis.config('RESETSTAT');
  await work();
  const calls = (await it.redis.info('commandstats')).matchAll(/^cmdstat_([\w|]+):calls=(\d+)/gm);
  const counted = new Map([...calls].map(([, name = '', count]) => [name, Number(count)]));
  for (const ours of ['config|resetstat', 'info']) counted.delete(ours);
  return counted;
};

/** Number of statements sent to the database while `work` ran; each is one round trip. */
const statementsOf = async (work: () => Promise<unknown>): Promise<number> => {
  let statements = 0;
  let toCome = 0;
  wire.treat = (chunk) => {
    if (toCome === 0) {
      statements += 1;
      // A packet of the protocol begins with its length in three bytes and its sequence number in one.
      toCome = 4 + chunk.readUIntLE(0, 3);
    }
    toCome -= chunk.length;
    return 'pass';
  };
  await work();
  wire.treat = () => 'pass';
  return statements;
};

test('what one turn appends to a stream is one command, and nothing else', async () => {
  const commands = await commandsOf(() => append(200));
  assert.equal(Object.fromEntries(commands), { evalsha: 1, xadd: 200 });
});

test('a batch is one read and two messages on Redis, and six statements on the database, however large it is', async () => {
  await nextStep();
  for (const count of [1, many - 1]) {
    await append(count);
    let statements = 0;
    const commands = await commandsOf(async () => {
      statements = await statementsOf(nextStep);
    });
    assert.is(statements, 6, `begin, fence, journal, reservations, pools, commit: for ${count}`);
    assert.is(commands.get('evalsha'), 1);
    assert.is(commands.get('publish'), 2, 'the outcomes, and a wake-up for readers of the journal');
    assert.is(commands.get('xreadgroup'), 1);
  }
});

test('each batch of a backlog is the same, and one read more is for all of them', async () => {
  await append(3 * many);
  let statements = 0;
  const commands = await commandsOf(async () => {
    statements = await statementsOf(async () => {
      while ((await nextStep()).type !== 'idle');
    });
  });
  assert.is(statements, 3 * 6);
  assert.is(commands.get('evalsha'), 3 + 1);
  assert.is(commands.get('publish'), 2 * 3);
});

test('batches of eight partitions that are committed together are one transaction of six statements', async () => {
  const store = together(owned.store);
  const sellers = await Promise.all([20, 21, 22, 23, 24, 25, 26, 27].map((other) => newSeller(store, other)));
  const allSell = async (): Promise<readonly CommitVerdict[]> => {
    await nextTurn();
    return await Promise.all(sellers.map(({ sell }) => sell()));
  };
  // From here on the session has all statements prepared.
  await allSell();
  let verdicts: readonly CommitVerdict[] = [];
  const statements = await statementsOf(async () => {
    verdicts = await allSell();
  });
  assert.is(statements, 6);
  assert.ok(verdicts.every(({ type }) => type === 'committed'));

  await claimFor(owned.store, 24, 'successor');
  // From here on the session has the statement prepared that names the claims.
  await allSell();
  await claimFor(owned.store, 23, 'successor');
  const afterFence = await statementsOf(async () => {
    verdicts = await allSell();
  });
  assert.is(afterFence, 3 + 1 + 6, 'begin, fence and rollback; who does not stand; the others together');
  assert.equal(
    verdicts.map(({ type }) => type),
    ['committed', 'committed', 'committed', 'fenced', 'fenced', 'committed', 'committed', 'committed'],
  );
});

test('whether the claims of eight partitions stand is one statement, and each gets its own answer', async () => {
  const { store } = owned;
  const partitions = [30, 31, 32, 33, 34, 35, 36, 37];
  const claims = await Promise.all(partitions.map((other) => claimFor(store, other, 'owner')));
  const askAll = (): Promise<readonly unknown[]> =>
    Promise.all(
      claims.map(({ claim, progress }, index) =>
        store.stands(claim, index === 3 ? progress.position + 1 : progress.position),
      ),
    );
  // From here on the session has the statement prepared.
  await askAll();
  let answers: readonly unknown[] = [];
  const statements = await statementsOf(async () => {
    answers = await askAll();
  });
  assert.is(statements, 1);
  assert.equal(
    answers.map((answer) => answer !== undefined),
    [true, true, true, false, true, true, true, true],
  );
});

test('an owner with nothing to do asks Redis once and the database not at all', async () => {
  let statements = 0;
  const commands = await commandsOf(async () => {
    statements = await statementsOf(nextStep);
  });
  assert.is(statements, 0);
  assert.is(commands.get('evalsha'), 1);
  assert.is(commands.get('publish'), undefined);
});

test('an entry of one line takes less than 256 bytes of the memory of Redis', async () => {
  const { requests } = keysOf(partition);
  const [bytes, entries] = [
    Number(await it.redis.memory('USAGE', requests, 'SAMPLES', 0)),
    await it.redis.xlen(requests),
  ];
  assert.ok(entries > 2 * many && bytes / entries < 256, `${bytes} bytes for ${entries} entries`);
});
