import type { Leases, Members } from '../../src/lease/contract.ts';
import { assert, type Suite } from '../support/suite.ts';

/** A lease server with its own kind of time, without any lease or live member. */
export interface LeaseWorld {
  readonly ttlMs: number;
  readonly partitions: number;
  leases(projectorId: string): Leases;
  members(): Members;
  monotonicMs(): number;
  /** Lets time pass until the condition holds; false if that takes much longer than the TTL. */
  until(condition: () => boolean | Promise<boolean>): Promise<boolean>;
  close(): Promise<void>;
}

type Body = (world: LeaseWorld) => Promise<void>;
type Test = (promise: string, body: Body) => void;

type Acquired = NonNullable<Awaited<ReturnType<Leases['acquire']>>>;

const taken = async (leases: Leases, partition: number): Promise<Acquired> => {
  const acquired = await leases.acquire(partition);
  if (acquired === undefined) throw new Error(`partition ${partition} was not free`);
  return acquired;
};

/** Many repeated calls will meet a moment at which the server's disk is busy; the next call is answered. */
const orUnanswered = async <Answer>(asked: Promise<Answer>, unanswered: Answer): Promise<Answer> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && /did not answer within/.test(error.message)) return unanswered;
    throw error;
  }
};

const exclusion = (test: Test): void => {
  test('a lease excludes everyone, its holder included', async ({ leases }) => {
    const a = leases('a');
    const { lease } = await taken(a, 3);
    assert.is(lease.partition, 3);
    assert.is(await leases('b').acquire(3), undefined);
    assert.is(await a.acquire(3), undefined);
  });

  test('of many who ask at once exactly one gets it', async ({ leases }) => {
    const rivals = Array.from({ length: 20 }, (_, index) => leases(`rival-${index}`).acquire(0));
    const winners = (await Promise.all(rivals)).filter((each) => each !== undefined);
    assert.is(winners.length, 1);
  });

  test('a token names its owner and is never used again', async ({ leases }) => {
    const a = leases('a');
    const tokens = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const { lease } = await taken(a, round % 2);
      assert.match(lease.token, /^a:[0-9a-f]{32}$/);
      tokens.add(lease.token);
      await a.release(lease);
    }
    assert.is(tokens.size, 20);
  });

  test('renewing and releasing with a token that is not the current one does nothing', async ({ leases }) => {
    const [a, b] = [leases('a'), leases('b')];
    const { lease } = await taken(a, 1);
    const foreign = { partition: 1, token: `b:${'0'.repeat(32)}` };
    assert.is(await b.renew(foreign), undefined);
    await b.release(foreign);
    assert.is(await b.acquire(1), undefined);
    await a.release(lease);
    await taken(b, 1);
    assert.is(await a.renew(lease), undefined);
    await a.release(lease);
    assert.is(await a.acquire(1), undefined);
  });

  test('free names what nobody holds', async ({ leases, partitions }) => {
    const a = leases('a');
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    assert.equal(await a.free(), all);
    const { lease } = await taken(a, 2);
    const others = all.filter((partition) => partition !== 2);
    assert.equal(await leases('b').free(), others);
    assert.equal(await leases('b').free(new Set(others.slice(1))), others.slice(0, 1));
    assert.equal(await leases('b').free(new Set(all)), []);
    await a.release(lease);
    assert.equal(await a.free(), all);
  });
};

const expiry = (test: Test): void => {
  test('a lease not renewed ends by itself, and its holder knows before anyone can take it', async (world) => {
    const { lease, deadlineMs } = await taken(world.leases('a'), 0);
    const b = world.leases('b');
    assert.ok(await world.until(async () => (await b.acquire(0)) !== undefined));
    assert.ok(deadlineMs <= world.monotonicMs());
    assert.is(await world.leases('a').renew(lease), undefined);
  });

  test('a lease renewed in time outlives its TTL, and its deadline moves on', async (world) => {
    const a = world.leases('a');
    const { lease, deadlineMs } = await taken(a, 0);
    let renewedMs: number | undefined = deadlineMs;
    const pastTwice = await world.until(async () => {
      assert.is(await orUnanswered(world.leases('b').acquire(0), undefined), undefined);
      renewedMs = await orUnanswered(a.renew(lease), renewedMs);
      return renewedMs === undefined || renewedMs > deadlineMs + 2 * world.ttlMs;
    });
    assert.ok(pastTwice);
    assert.type(renewedMs, 'number');
  });
};

const membership = (test: Test): void => {
  test('a heartbeat returns all that are live and what they hold', async ({ members }) => {
    await members().heartbeat({ id: 'a', held: 5 });
    const live = await members().heartbeat({ id: 'b', held: 0 });
    const byId = [...live].sort((x, y) => (x.id < y.id ? -1 : 1));
    assert.equal(byId, [
      { id: 'a', held: 5 },
      { id: 'b', held: 0 },
    ]);
  });

  test('one that was silent for the TTL is no longer live', async (world) => {
    await world.members().heartbeat({ id: 'silent', held: 1 });
    const alone = await world.until(
      async () => (await world.members().heartbeat({ id: 'b', held: 0 })).length === 1,
    );
    assert.ok(alone);
  });

  test('one that leaves is gone at once', async ({ members }) => {
    await members().heartbeat({ id: 'a', held: 1 });
    await members().leave('a');
    assert.equal(await members().heartbeat({ id: 'b', held: 0 }), [{ id: 'b', held: 0 }]);
  });

  test('whoever listens hears of a release and of a leave, until it stops listening', async (world) => {
    const members = world.members();
    const heard = { first: 0, second: 0 };
    const stopFirst = members.onChange(() => {
      heard.first += 1;
    });
    const stopSecond = members.onChange(() => {
      heard.second += 1;
    });
    const a = world.leases('a');
    const releaseOnce = async (): Promise<void> => a.release((await taken(a, 0)).lease);
    // Repeated, because the subscription takes effect after an unknown time.
    assert.ok(await world.until(async () => releaseOnce().then(() => heard.first > 0 && heard.second > 0)));
    stopFirst();
    const before = { ...heard };
    await members.leave('a');
    assert.ok(await world.until(() => heard.second > before.second));
    assert.is(heard.first, before.first);
    stopSecond();
  });
};

/** The promises of every lease server, whatever its implementation. Each promise gets a world of its own. */
export const leaseContract = (suite: Suite, newWorld: () => Promise<LeaseWorld>): void => {
  const test: Test = (promise, body) =>
    suite(promise, async () => {
      const world = await newWorld();
      try {
        await body(world);
      } finally {
        await world.close();
      }
    });
  exclusion(test);
  expiry(test);
  membership(test);
};
