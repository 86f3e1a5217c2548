import type { RequestEvent } from '../../src/domain/requests.ts';
import { ensureBoards } from '../../src/projector/boards.ts';
import { cancelling } from '../domain/ask.ts';
import { opening, showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { asks, came, ms, newTimeline, type Timeline } from './timeline.ts';

const test = suite('what boards say of judged time');

/** An entry is decided at second 100, and then Redis' clock is set back by a minute. */
const withClockSetBack = async (): Promise<Timeline> => {
  const timeline = await newTimeline({ capacity: 5 });
  await timeline.read({ at: 100, entries: [came(100, asks(1))] });
  await ensureBoards(timeline.owned());
  await timeline.read({ at: 40 });
  return timeline;
};

const judgedOf = ({ boards }: Timeline): number | undefined => boards.at(-1)?.judgedMs;

test('while the clock of Redis has gone on, boards say nothing of it', async () => {
  const timeline = await newTimeline({ capacity: 5 });
  await timeline.read({ at: 100, entries: [came(100, asks(1))] });
  await ensureBoards(timeline.owned());
  await timeline.read({ at: 99.5 });
  await ensureBoards(timeline.owned());
  assert.ok(timeline.boards.length > 0);
  assert.ok(timeline.boards.every(({ judgedMs }) => judgedMs === undefined));
});

test('when it was set back, all boards are written once with the moment the stream goes on from', async () => {
  const timeline = await withClockSetBack();
  assert.is(judgedOf(timeline), undefined);
  await ensureBoards(timeline.owned());
  assert.is(judgedOf(timeline), ms(100));
  const { length } = timeline.boards;
  await ensureBoards(timeline.owned());
  await timeline.read({ at: 41 });
  await ensureBoards(timeline.owned());
  assert.is(timeline.boards.length, length);
});

test('a show that opens meanwhile says it with its first board', async () => {
  const timeline = await withClockSetBack();
  await timeline.read({ at: 42, entries: [came(100, opening({ stalls: 1 }, {}, showId(2)), 1)] });
  assert.is(timeline.boards.at(-1)?.showId, showId(2));
  assert.is(judgedOf(timeline), ms(100));
});

test('whoever takes over says it, and says no more once the clock has caught up', async () => {
  const timeline = await withClockSetBack();
  await timeline.handOver();
  await timeline.read({ at: 43 });
  await ensureBoards(timeline.owned());
  assert.is(judgedOf(timeline), ms(100));
  await timeline.handOver();
  await timeline.read({ at: 101 });
  await ensureBoards(timeline.owned());
  assert.is(judgedOf(timeline), undefined);
});

test('a board is written when a pool becomes full and when it no longer is, and not by decisions in between', async () => {
  const timeline = await newTimeline({ capacity: 2, rules: {} });
  const { length } = timeline.boards;
  const written = async (at: number, ...asked: readonly RequestEvent[]): Promise<number> => {
    await timeline.read({ at, entries: asked.map((each) => came(at, each)) });
    return timeline.boards.length - length;
  };
  assert.is(await written(1, asks(1)), 0);
  assert.is(await written(2, asks(2)), 1);
  assert.is(timeline.full()?.length, 1);
  assert.is(await written(3, cancelling(1)), 2);
  assert.is(timeline.full()?.length, 0);
  assert.is(await written(4, cancelling(2)), 2);
});

test('after a fail-over all boards are written again, before they are marked complete on that server', async () => {
  const timeline = await newTimeline({ capacity: 5 });
  await timeline.read({ at: 1, entries: [came(1, asks(1))] });
  await ensureBoards(timeline.owned());
  const written = timeline.boards.length;
  timeline.replaceRedis();
  await ensureBoards(timeline.owned());
  assert.is(timeline.boards.length, written + 1);
  assert.equal(new Set(timeline.marks.slice(0, -1)), new Set(['server 1']));
  assert.is(timeline.marks.at(-1), 'server 2');
});

test('boards that a fail-over interrupted are not marked complete', async () => {
  const timeline = await newTimeline({ capacity: 5 });
  await timeline.handOver();
  const { length } = timeline.marks;
  timeline.onBoards = () => timeline.replaceRedis();
  await ensureBoards(timeline.owned());
  assert.is(timeline.marks.length, length);
  timeline.onBoards = () => undefined;
  await ensureBoards(timeline.owned());
  assert.equal(timeline.marks.slice(length), ['server 2']);
});
