import { refusalAtDoor, refusalByBoard } from '../../src/command/door.ts';
import type { ShowRules } from '../../src/domain/requests.ts';
import type { ServerTime } from '../../src/domain/server-time.ts';
import type { BoardView } from '../../src/log/contract.ts';
import { newBoardViews } from '../../src/log/door/board-views.ts';
import { encodeBoard } from '../../src/log/wire/board-codec.ts';
import { board, commandFakes, nowMs, showId, standing } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite("command: the door's clock");

const asked = { showId, lines: [{ poolId: standing, quantity: 3 }] };
const hourMs = 3_600_000;

/**
 * Redis answered `nowMs` to a request that was sent at 1,000 and answered at 1,200 of our monotonic clock.
 */
const time: ServerTime = { timeMs: nowMs, sentMs: 1_000, answeredMs: 1_200 };

interface Seen {
  readonly judgedMs?: number;
  readonly atMs?: number;
  readonly time?: ServerTime | 'not-told';
}

const codeOf = (rules: ShowRules, { judgedMs, atMs = 1_200, time: told = time }: Seen = {}) => {
  const { time: _time, ...view } = board(rules);
  const seen: BoardView = {
    ...view,
    board: { ...view.board, ...(judgedMs !== undefined && { judgedMs }) },
    ...(told !== 'not-told' && { time: told }),
  };
  return refusalByBoard(asked, seen, atMs)?.code;
};

test('not open is certain when the latest that Redis may show is more than a second before the opening', () => {
  const latest = nowMs + 200;
  assert.is(codeOf({ opensAtMs: latest + 1_001 }), 'sale-not-open');
  assert.is(codeOf({ opensAtMs: latest + 1_000 }), undefined);
  assert.is(codeOf({ opensAtMs: latest + 999 }), undefined);
  assert.is(codeOf({ opensAtMs: latest }), undefined);
});

test('closed is certain when the earliest that Redis may show is a second behind the closing', () => {
  assert.is(codeOf({ closesAtMs: nowMs - 1_001 }), 'sale-closed');
  assert.is(codeOf({ closesAtMs: nowMs - 1_000 }), 'sale-closed');
  assert.is(codeOf({ closesAtMs: nowMs - 999 }), undefined);
  assert.is(codeOf({ closesAtMs: nowMs }), undefined);
  assert.is(codeOf({ closesAtMs: nowMs + 1_000 }), undefined);
});

test('what Redis said grows older by the monotonic clock', () => {
  const later = { atMs: 1_700 };
  assert.is(codeOf({ opensAtMs: nowMs + 1_701 }, later), 'sale-not-open');
  assert.is(codeOf({ opensAtMs: nowMs + 1_700 }, later), undefined);
  assert.is(codeOf({ closesAtMs: nowMs - 500 }, later), 'sale-closed');
  assert.is(codeOf({ closesAtMs: nowMs - 499 }, later), undefined);
});

test('without the time of Redis, or with one too old to be believed, the decision judges', () => {
  const window = [{ opensAtMs: nowMs + hourMs }, { closesAtMs: nowMs - hourMs }];
  for (const rules of window) {
    assert.ok(codeOf(rules, { atMs: 6_000 }));
    assert.is(codeOf(rules, { atMs: 6_001 }), undefined);
    assert.is(codeOf(rules, { time: 'not-told' }), undefined);
  }
});

test('where the stream is ahead of the clock of Redis, a request arrives when the stream says', () => {
  const judgedMs = nowMs + hourMs;
  assert.is(codeOf({ opensAtMs: judgedMs + 1_001 }, { judgedMs }), 'sale-not-open');
  assert.is(codeOf({ opensAtMs: judgedMs + 1_000 }, { judgedMs }), undefined);
  assert.is(codeOf({ opensAtMs: nowMs + 2_000 }, { judgedMs }), undefined);
  assert.is(codeOf({ opensAtMs: nowMs + 2_000 }, { judgedMs: nowMs - hourMs }), 'sale-not-open');
  // It is certain that the sale has closed only once the clock says so too.
  assert.is(codeOf({ closesAtMs: nowMs + 60_000 }, { judgedMs }), undefined);
});

test('a clock of our own that jumps by hours refuses nobody and lets nobody in', async () => {
  for (const jumpMs of [0, -3 * hourMs, 3 * hourMs]) {
    const clock = { nowMs: () => nowMs + jumpMs, monotonicMs: () => 1_000 };
    const refused = async (rules: ShowRules) => {
      const text = encodeBoard({ showId, revision: 1, rules, pools: [standing] });
      const stored = {
        board: text,
        full: undefined,
        areBoardsComplete: true,
        closing: undefined,
        timeMs: nowMs,
      };
      const boards = newBoardViews({ stored: async () => stored, monotonicMs: clock.monotonicMs });
      return (await refusalAtDoor(asked, commandFakes({ boards, clock })))?.code;
    };
    assert.is(await refused({ opensAtMs: nowMs - 1, closesAtMs: nowMs + 1 }), undefined);
    assert.is(await refused({ opensAtMs: nowMs + hourMs }), 'sale-not-open');
    assert.is(await refused({ closesAtMs: nowMs - hourMs }), 'sale-closed');
  }
});

test('the time that comes with a board lies between its question and its answer', async () => {
  let monotonicMs = 50;
  const stored = async () => {
    monotonicMs = 80;
    const text = encodeBoard({ showId, revision: 1, rules: {}, pools: [standing] });
    return { board: text, full: undefined, areBoardsComplete: false, closing: undefined, timeMs: nowMs };
  };
  const boards = newBoardViews({ stored, monotonicMs: () => monotonicMs });
  const first = await boards.view(showId);
  assert.equal(first.type === 'board' && first.time, { timeMs: nowMs, sentMs: 50, answeredMs: 80 });
  monotonicMs = 400;
  const again = await boards.view(showId);
  assert.equal(again.type === 'board' && again.time, { timeMs: nowMs, sentMs: 50, answeredMs: 80 });
});
