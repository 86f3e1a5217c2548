import { introduce } from '../../src/projector/introduce.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a projector that joins');

interface Scene {
  /**
   * The roll call that working owners find in their database, given the one left in ours; undefined if no
   * owner is at work.
   */
  readonly roll: (ours: string | undefined) => string | undefined;
  readonly isWorked?: (looks: number) => boolean;
  readonly spoilt?: (looks: number) => boolean;
}

const arrive = async ({ roll, isWorked = () => true, spoilt = () => false }: Scene) => {
  let ours: string | undefined;
  let nowMs = 0;
  let looks = 0;
  const told: boolean[] = [];
  const toldMs: number[] = [];
  const stopping = new AbortController();
  const joined = await introduce(
    {
      callRoll: async (word) => {
        ours = word;
      },
      roll: async () => ours,
      liveClaims: async () => {
        looks += 1;
        if (spoilt(looks)) throw new Error('not now');
        const found = roll(ours);
        return isWorked(looks)
          ? [{ partition: 1 }, { partition: 2, ...(found !== undefined && { roll: found }) }]
          : [];
      },
      projectorId: 'newcomer',
      partitions: 4,
      leaseTtlMs: 3_000,
      clock: {
        nowMs: () => nowMs,
        monotonicMs: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms;
          if (nowMs > 60_000) stopping.abort();
        },
      },
      random: () => 0.5,
      logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      onStrangers: (strangers) => {
        told.push(strangers);
        toldMs.push(nowMs);
      },
    },
    stopping.signal,
  );
  return { joined, told, toldMs, nowMs };
};

test('joins at once where nobody is at work', async () => {
  assert.equal(await arrive({ roll: () => undefined, isWorked: () => false }), {
    joined: true,
    told: [],
    toldMs: [],
    nowMs: 0,
  });
});

test('joins as soon as one owner has found its word', async () => {
  assert.equal(await arrive({ roll: (ours) => ours }), {
    joined: true,
    told: [],
    toldMs: [],
    nowMs: 0,
  });
});

test('never joins owners that stand in another database, and says so', async () => {
  const { joined, told, toldMs } = await arrive({ roll: () => 'the last word before the copy was made' });
  assert.not.ok(joined);
  assert.equal(told, [true]);
  // An owner may have renewed its lease just before, and looks into its database two seconds after that at the latest.
  assert.equal(toldMs, [5_000]);
});

test('joins once the owners in the other database have gone', async () => {
  const { joined, told } = await arrive({ roll: () => undefined, isWorked: (looks) => looks < 50 });
  assert.ok(joined);
  assert.equal(told, [true, false]);
});

test('goes on asking while a server is away', async () => {
  const { joined, told } = await arrive({ roll: (ours) => ours, spoilt: (looks) => looks < 5 });
  assert.ok(joined);
  assert.equal(told, []);
});
