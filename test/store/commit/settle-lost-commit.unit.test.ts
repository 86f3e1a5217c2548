import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { newStreamId } from '../../../src/domain/stream-id.ts';
import { settleLostCommit } from '../../../src/store/commit/settle-lost-commit.ts';
import type { Batch } from '../../../src/store/contract.ts';
import type { Row } from '../../../src/store/database/columns.ts';
import type { Session } from '../../../src/store/database/session.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('what became of a commit without an answer');

const token = 'ab'.repeat(16);
const progress = (position: number) => ({
  position,
  watermark: newStreamId(1_000 * position, 1),
  clockMs: 2_000 * position,
  judgedMs: 3_000 * position,
});
const batch: Batch = {
  claim: { partition: 3, epoch: 7, token, server: 'home' },
  before: progress(1),
  after: progress(2),
  entries: [],
  parked: [],
};

/** The partition's row as the driver gives it. */
const rowAt = (position: number, other: Row = {}): Row => ({
  epoch: '7',
  claim: Buffer.from(token, 'hex'),
  position: String(position),
  watermark_ms: String(1_000 * position),
  watermark_seq: '1',
  clock_ms: String(2_000 * position),
  judged_ms: String(3_000 * position),
  ...other,
});

const lost = new Error('the reply was lost');

/** Each look finds one of these; where it is an error, the database is still away. The last one stays. */
const settle = async (...found: readonly (Row | Error | undefined)[]) => {
  const events: string[] = [];
  let [nowMs, looks] = [0, 0];
  const rows = async (): Promise<readonly Row[]> => {
    const row = found[Math.min(looks, found.length - 1)];
    looks += 1;
    await Promise.resolve();
    events.push('looked');
    if (row instanceof Error) throw row;
    return row ? [row] : [];
  };
  const nothing = async () => undefined;
  const session: Session = {
    rows,
    run: async (sql) => void events.push(sql),
    destroy: () => void events.push('closed'),
    arrays: async () => [],
    change: async () => 0,
    insert: async () => 0,
    ping: nothing,
    gone: Promise.resolve(),
    home: 'home',
  };
  const verdict = await settleLostCommit(
    {
      sessions: {
        open: async () => session,
        borrow: async () => session,
        release: () => undefined,
        destroy: () => undefined,
        close: nothing,
      },
      settleMs: 1_000,
      clock: {
        nowMs: () => nowMs,
        monotonicMs: () => nowMs,
        sleep: async (ms) => {
          await nextTurn();
          nowMs += ms;
          events.push('pause');
        },
      },
      random: () => 0.5,
    },
    batch,
    lost,
  );
  return { verdict, events };
};

test('it was applied where the partition stands behind it, and not where it stands in front', async () => {
  assert.equal((await settle(rowAt(2))).verdict, { type: 'committed' });
  assert.equal((await settle(rowAt(1))).verdict, { type: 'retry', error: lost });
});

test('anything else is another claim, or another past: the owner leaves', async () => {
  for (const row of [
    undefined,
    rowAt(2, { epoch: '8' }),
    rowAt(2, { claim: Buffer.from('cd'.repeat(16), 'hex') }),
    rowAt(2, { claim: null }),
    rowAt(3),
    ...[1, 2].flatMap((position) => [
      rowAt(position, { position: '5' }),
      rowAt(position, { watermark_seq: '2' }),
      rowAt(position, { clock_ms: '1' }),
      rowAt(position, { judged_ms: '9000' }),
    ]),
  ])
    assert.equal((await settle(row)).verdict, { type: 'fenced' });
});

test('the row is read under its lock, and the connection is closed after that', async () => {
  assert.equal((await settle(rowAt(2))).events, ['START TRANSACTION', 'looked', 'closed']);
});

test('while the database is away it looks again after a pause, until the time is up', async () => {
  const away = new Error('away');
  const back = await settle(away, away, rowAt(2));
  assert.equal(back.verdict, { type: 'committed' });
  assert.equal(
    back.events.filter((event) => event !== 'START TRANSACTION' && event !== 'closed'),
    ['looked', 'pause', 'looked', 'pause', 'looked'],
  );
  assert.equal((await settle(away)).verdict, { type: 'retry', error: lost });
});
