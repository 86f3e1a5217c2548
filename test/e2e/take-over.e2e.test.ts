import { createConnection } from 'mysql2/promise';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { isOwner, readPartitions, untilPartitions, untilReadAhead } from '../support/partitions.ts';
import { hotPartition, sellWhile, type World } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const partitions = 8;
const ttlMs = 1_000;

const test = suite('taking over', { timeoutMs: 90_000 });

let backends: Backends;
let api: Onsale;
let world: World;

test.before(async () => {
  backends = await startBackends();
  const env = { ONSALE_PARTITIONS: String(partitions) };
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls, env });
  world = { ...backends.urls, partitions, api: { command: api.url, query: api.url } };
});

test.after(async () => {
  await api.stop();
  await backends.remove();
});

const startProjector = (leaseTtlMs = ttlMs): Promise<Onsale> =>
  startOnsale({
    roles: ['projector'],
    ...backends.urls,
    env: { ONSALE_PARTITIONS: String(partitions), ONSALE_LEASE_TTL_MS: String(leaseTtlMs) },
  });

/** Each of them works a share of the partitions, as even as possible. */
const untilShared = (among: readonly Onsale[]): Promise<void> =>
  untilPartitions(backends.urls.databaseUrl, `partitions shared by ${among.length}`, (rows) => {
    const shares = among.map((process) => rows.filter((row) => isOwner(row, process)).length);
    const even = Math.max(...shares) - Math.min(...shares) <= 1;
    return even && shares.reduce((sum, share) => sum + share, 0) === partitions;
  });

const untilOwns = (process: Onsale, wanted: 'all' | 'the hot one'): Promise<void> =>
  untilPartitions(backends.urls.databaseUrl, `${process.pid} owns ${wanted}`, (rows) =>
    rows.filter(({ id }) => wanted === 'all' || id === hotPartition).every((row) => isOwner(row, process)),
  );

/** Waits for a line in its log about the hot partition. */
const untilSays = async ({ log }: Onsale, text: string): Promise<void> => {
  const says = (line: string): boolean =>
    line.includes(text) && line.includes(`"partition":${hotPartition},`);
  assert.ok(await waitUntil(() => log.some(says), { limitMs: 10_000 }), log.slice(-20).join('\n'));
};

interface Pair {
  readonly owner: Onsale;
  readonly standby: Onsale;
}

const withPair = async (leaseTtlMs: number, work: (pair: Pair) => Promise<void>): Promise<void> => {
  const both = await Promise.all([startProjector(leaseTtlMs), startProjector(leaseTtlMs)]);
  try {
    await untilShared(both);
    const hot = (await readPartitions(backends.urls.databaseUrl)).find(({ id }) => id === hotPartition);
    const owner = both.find((process) => hot !== undefined && isOwner(hot, process));
    const standby = both.find((process) => process !== owner);
    if (owner === undefined || standby === undefined) throw new Error('nobody owns the hot partition');
    await work({ owner, standby });
  } finally {
    await Promise.all(both.map((process) => process.stop()));
  }
};

test('kill -9 of the owner in mid-load: nothing lost, nothing twice, order kept, sold to the ticket', () =>
  withPair(ttlMs, async ({ owner, standby }) => {
    await sellWhile(world, async () => {
      await owner.kill();
      await untilOwns(standby, 'all');
    });
  }));

/** While the work runs, no batch of the hot partition can be committed. */
const withoutCommits = async (work: () => Promise<void>): Promise<void> => {
  const lock = await createConnection(backends.urls.databaseUrl);
  try {
    await lock.beginTransaction();
    await lock.query('SELECT id FROM partitions WHERE id = ? FOR UPDATE', [hotPartition]);
    await work();
  } finally {
    lock.destroy();
  }
};

test('what a dead owner had read and not committed is decided by its successor before anything newer', () =>
  withPair(ttlMs, async ({ owner, standby }) => {
    await sellWhile(world, async () => {
      await withoutCommits(async () => {
        await untilReadAhead(backends.urls, hotPartition);
        await owner.kill();
      });
      await untilOwns(standby, 'all');
    });
  }));

test('an owner frozen for twice its lease is fenced, says so, breaks nothing, and competes again', () =>
  withPair(ttlMs, async ({ owner, standby }) => {
    await sellWhile(world, async () => {
      owner.signal('SIGSTOP');
      const frozenAt = performance.now();
      await untilOwns(standby, 'all');
      await waitUntil(() => performance.now() - frozenAt > 2 * ttlMs, { limitMs: 3 * ttlMs });
      owner.signal('SIGCONT');
      await untilSays(owner, 'fenced');
      await untilShared([owner, standby]);
    });
  }));

// With this lease no take-over by expiry can happen before the test times out.
const longTtlMs = 60_000;

test('SIGTERM of the owner in mid-load hands over at once and exits 0', () =>
  withPair(longTtlMs, async ({ owner, standby }) => {
    await sellWhile(world, async () => {
      assert.is(await owner.stop(), 0);
      await untilOwns(standby, 'all');
      await untilSays(standby, 'partition taken over');
    });
  }));

test('1, then 3, then 1 projectors under load: shares even out and every promise is kept', async () => {
  const first = await startProjector();
  let joined: readonly Onsale[] = [];
  try {
    await untilOwns(first, 'all');
    await sellWhile(world, async () => {
      joined = await Promise.all([startProjector(), startProjector()]);
      await untilShared([first, ...joined]);
      assert.equal(await Promise.all(joined.map((process) => process.stop())), [0, 0]);
      await untilOwns(first, 'all');
    });
  } finally {
    await Promise.all([first, ...joined].map((process) => process.stop()));
  }
});
