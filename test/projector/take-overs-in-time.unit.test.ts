import { compareStreamIds } from '../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import { changing, confirming, extending } from '../domain/ask.ts';
import { poolId } from '../domain/generate.ts';
import { newReplay, replayEntry } from '../support/replay.ts';
import { assert, suite } from '../support/suite.ts';
import {
  asks,
  came,
  ms,
  newTimeline,
  type Timeline,
  type TimelineOptions,
  type TimelineRead,
} from './timeline.ts';

/** The same reads give the same decisions, whoever owns the partition and however often the owner changes. */
const test = suite('in time is in time, whoever decides');

interface Scenario extends TimelineOptions {
  readonly name: string;
  readonly reads: readonly TimelineRead[];
}

const shrink = changing({ pools: [{ id: poolId('stalls'), capacity: 0 }], force: true });
const held = { at: 0, entries: [came(0, asks(1))] };

/** The follow-ups are made once, so that both runs send the same requests. */
const scenarios: readonly Scenario[] = [
  {
    name: 'a confirm in time',
    reads: [held, { at: 14, entries: [came(7.5, asks(2)), came(9, confirming(1))] }],
  },
  { name: 'a confirm at the expiry', reads: [held, { at: 14, entries: [came(10, confirming(1))] }] },
  {
    name: 'somebody at the expiry, and a confirm behind',
    reads: [held, { at: 14, entries: [came(10, asks(3)), came(10, confirming(1), 1)] }],
  },
  {
    name: 'a lapse by the clock',
    reads: [held, { at: 9.999 }, { at: 10 }, { at: 40, entries: [came(39, asks(2))] }],
  },
  {
    name: 'an extension in time',
    reads: [held, { at: 14, entries: [came(9, extending(1)), came(11, asks(2)), came(13, confirming(1))] }],
  },
  {
    name: 'a capacity that shrinks',
    reads: [held, { at: 1, entries: [came(1, shrink)] }, { at: 14, entries: [came(9, confirming(1))] }],
  },
  {
    name: 'many lapses before an entry',
    capacity: 9,
    reads: [
      { at: 0, entries: Array.from({ length: 9 }, (_, n) => came(0, asks(n + 1), n)) },
      { at: 20, entries: [came(5, confirming(4)), came(20, asks(20, 9)), came(21, asks(21, 8))] },
    ],
  },
];

/**
 * Steps until all of it is committed. After each step another owner may take over, which reads the rest
 * again.
 */
const playRead = async (
  timeline: Timeline,
  { at, entries = [] }: TimelineRead,
  after: () => Promise<void>,
): Promise<void> => {
  for (let left: readonly ReadEntry[] = entries; ; ) {
    const verdict = await (timeline.owned().rest ? timeline.step() : timeline.step({ at, entries: left }));
    await after();
    const { watermark } = timeline.owned().progress;
    left = left.filter(({ streamId }) => compareStreamIds(streamId, watermark) > 0);
    if (left.length === 0 && (entries.length > 0 || verdict.type === 'idle')) return;
  }
};

const play = async ({ reads, name: _, ...options }: Scenario, takeOver: boolean): Promise<Timeline> => {
  const timeline = await newTimeline({ ...options, batchMax: 2 });
  for (const read of reads)
    await playRead(timeline, read, async () => {
      if (takeOver) await timeline.handOver();
    });
  return timeline;
};

for (const scenario of scenarios)
  test(`${scenario.name}: the same journal with a take-over between any two transactions, and the same tables`, async () => {
    const plain = await play(scenario, false);
    const handedOver = await play(scenario, true);
    assert.equal(handedOver.journal(), plain.journal());
    const replay = newReplay();
    for (const entry of plain.journal()) replayEntry(replay, entry);
    assert.equal(replay, plain.tables());
    assert.ok(
      plain
        .journal()
        .every(({ judgedAtMs = 0 }, n, all) => judgedAtMs >= (all[n - 1]?.judgedAtMs ?? ms(-10))),
    );
  });
