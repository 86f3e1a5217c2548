import { refusalAtDoor, refusalByBacklog, refusalByBoard } from '../../src/command/door.ts';
import { newUuidText, parseShowId } from '../../src/domain/ids.ts';
import type { Line } from '../../src/domain/lines.ts';
import type { ShowRules } from '../../src/domain/requests.ts';
import type { BoardView } from '../../src/log/contract.ts';
import {
  backlogLimits,
  balcony,
  board,
  commandFakes,
  idle,
  nowMs,
  showId,
  standing,
  untouched,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('command: door');

const three: readonly Line[] = [{ poolId: standing, quantity: 3 }];
const codeOf = (view: BoardView, lines = three): string | undefined =>
  refusalByBoard({ showId, lines }, view, 0)?.code;

const withoutTime = (rules: ShowRules): BoardView => {
  const { time: _time, ...view } = board(rules);
  return view;
};

test('it refuses only what is certain: nothing is known of the show, so the stream decides', () => {
  assert.is(codeOf({ type: 'no-board' }), undefined);
  assert.is(codeOf({ type: 'unknown-show' }), 'not-found');
  assert.is(codeOf(board()), undefined);
});

test('a pool that the show does not have', () => {
  const view: BoardView = {
    type: 'board',
    board: { showId, revision: 1, rules: {}, pools: [balcony] },
    full: [],
  };
  const refusal = refusalByBoard({ showId, lines: three }, view, 0);
  assert.is(refusal?.code, 'unknown-pool');
  assert.equal(refusal?.members, { poolId: 'standing' });
});

test('the limit counts all lines together', () => {
  const lines = [
    { poolId: standing, quantity: 2 },
    { poolId: balcony, quantity: 2 },
  ];
  assert.is(codeOf(board({ maxPerRequest: 3 }), lines), 'over-request-limit');
  assert.is(codeOf(board({ maxPerRequest: 4 }), lines), undefined);
});

test('a closed show is closed, whatever anybody knows of the time', () => {
  assert.is(codeOf(board({ closed: true })), 'sale-closed');
  assert.is(codeOf(withoutTime({ closed: true })), 'sale-closed');
  assert.is(codeOf(board({ closed: false })), undefined);
});

test('a full pool is sold out for those who ask for it, with hope only where all of it may return', () => {
  const held = { id: standing, mayReturn: true };
  const gone = { id: balcony, mayReturn: false };
  const both = [...three, { poolId: balcony, quantity: 1 }];
  const membersOf = (full: readonly (typeof held)[], lines: readonly Line[]) =>
    refusalByBoard({ showId, lines }, board({}, full), 0)?.members;
  assert.equal(membersOf([held], three), { poolId: 'standing', mayReturn: true });
  assert.equal(membersOf([held, gone], both), { poolId: 'standing', mayReturn: false });
  assert.is(codeOf(board({}, [gone])), undefined);
  assert.is(codeOf(board({}, [held])), 'sold-out');
});

test('the order is that of the decision: an unknown pool before the limit, the window before the room', () => {
  const full = [{ id: standing, mayReturn: false }];
  const unknown: BoardView = {
    type: 'board',
    board: { showId, revision: 1, rules: { maxPerRequest: 1 }, pools: [] },
    full,
  };
  assert.is(codeOf(unknown), 'unknown-pool');
  assert.is(codeOf(board({ maxPerRequest: 1, closesAtMs: 0 }, full)), 'over-request-limit');
  assert.is(codeOf(board({ closesAtMs: 0 }, full)), 'sale-closed');
});

test('a backlog at its bound is overloaded; an unknown wait is not', () => {
  const codeAt = (more: Partial<typeof idle>) => refusalByBacklog({ ...idle, ...more }, backlogLimits)?.code;
  assert.is(codeAt({ entries: 1_000_000 }), 'overloaded');
  assert.is(codeAt({ entries: 999_999 }), undefined);
  assert.is(codeAt({ waitSeconds: 60 }), 'overloaded');
  assert.is(codeAt({ waitSeconds: 59.9 }), undefined);
  assert.is(codeAt({ memoryUsed: 0.81 }), 'overloaded');
  assert.is(codeAt({ memoryUsed: 0.8 }), undefined);
  assert.is(codeAt({ entries: 10 }), undefined);
});

test('an id of a partition that does not exist is 404 without asking anybody', async () => {
  const elsewhere = parseShowId(newUuidText({ timeMs: nowMs, partition: 16, tail: '0'.repeat(16) }));
  assert.ok(elsewhere);
  const view = untouched;
  const refusal = await refusalAtDoor(
    { showId: elsewhere, lines: three },
    commandFakes({ boards: { view } }),
  );
  assert.is(refusal?.code, 'not-found');
});
