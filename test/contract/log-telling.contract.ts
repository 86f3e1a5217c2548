import { type Board, boardOf, type FullPool } from '../../src/domain/board.ts';
import { evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { msOf } from '../../src/domain/stream-id.ts';
import type { BoardUpdate, BoardView } from '../../src/log/contract.ts';
import { opening, poolId, showId } from '../domain/generate.ts';
import { outcomeOf, requestOf, reservationIdOf } from '../log/requests.ts';
import { assert } from '../support/suite.ts';
import { appendAll, type LogTest, type LogWorld, partition, token } from './log-world.ts';

const show = showId(1, partition);

const ledgerOf = (): ShowLedger => {
  const { name, pools, rules } = opening({ standing: 5, balcony: 2 }, { maxPerRequest: 4 }, show);
  const ledger = evolve(undefined, { type: 'ShowOpened', showId: show, name, pools, rules }, 1);
  if (!ledger) throw new Error('an opened show has a ledger');
  return ledger;
};

const board: Board = boardOf(ledgerOf());
const full: readonly FullPool[] = [{ id: poolId('standing'), mayReturn: true }];

const seen = (view: BoardView): Extract<BoardView, { type: 'board' }> => {
  if (view.type !== 'board') throw new Error(`no board but ${view.type}`);
  return view;
};

const publish = (
  world: LogWorld,
  boards: readonly BoardUpdate[],
  outcomes: readonly Outcome[] = [],
  as = token,
) => world.log.publish({ partition, leaseToken: as, outcomes, boards });

const boards = (test: LogTest): void => {
  test('a board is seen as it was published', async (world) => {
    await world.setLease(partition, token);
    await publish(world, [{ board, full }]);
    const { time, ...view } = seen(await world.boards.view(show));
    assert.equal(view, { type: 'board', board, full });
    assert.ok(time, 'the clock of the server was not told');
    const judged = { ...board, judgedMs: time.timeMs + 3_600_000 };
    await publish(world, [{ board: judged, full: [] }]);
    assert.equal(seen(await world.boards.view(show)).board, judged);
  });

  test('with a board comes the time that the ids of the stream are made of, of a moment since it was asked', async (world) => {
    await world.setLease(partition, token);
    await publish(world, [{ board, full }]);
    const [before] = await appendAll(world, [requestOf(partition, 1)]);
    const { time } = seen(await world.boards.view(show));
    const [after] = await appendAll(world, [requestOf(partition, 2)]);
    assert.ok(before && after && time);
    assert.ok(msOf(before) <= time.timeMs && time.timeMs <= msOf(after), `${before} ${time.timeMs} ${after}`);
    assert.ok(time.sentMs <= time.answeredMs);
  });

  test('a board without the current lease is not written', async (world) => {
    await world.setLease(partition, token);
    await publish(world, [{ board, full }], [], 'owner:0');
    await world.log.markBoardsComplete({ partition, leaseToken: 'owner:0' });
    assert.equal(await world.boards.view(show), { type: 'no-board' });
  });

  test('a show that is to be closed is shown closed, until it changed or the closing is off', async (world) => {
    await world.setLease(partition, token);
    await publish(world, [{ board, full: [] }]);
    const isClosed = async (): Promise<boolean> => {
      const view = await world.boards.view(show);
      return view.type === 'board' && view.board.rules.closed === true;
    };
    const closing = { showId: show, revision: board.revision };
    await world.boards.announceClosing(closing);
    assert.ok(await isClosed());
    await publish(world, [{ board: { ...board, revision: board.revision + 1 }, full: [] }]);
    assert.not(await isClosed(), 'another change came first');
    await publish(world, [{ board, full: [] }]);
    await world.boards.withdrawClosing(closing);
    assert.not(await isClosed(), 'the closing was refused');
  });

  test('a show is unknown only while boards are sealed', async (world) => {
    await world.setLease(partition, token);
    assert.equal(await world.boards.view(show), { type: 'no-board' });
    await world.log.markBoardsComplete({ partition, leaseToken: token });
    assert.equal(await world.boards.view(show), { type: 'unknown-show' });
    await world.log.markBoardsIncomplete({ partition });
    assert.equal(await world.boards.view(show), { type: 'no-board' });
  });

  test('an owner whose lease ran out takes the seal back, because what it commits then gets no board from it', async (world) => {
    await world.setLease(partition, token);
    await world.log.markBoardsComplete({ partition, leaseToken: token });
    await world.setLease(partition, 'other:1');
    await world.log.markBoardsIncomplete({ partition });
    await publish(world, [{ board, full: [] }]);
    assert.equal(await world.boards.view(show), { type: 'no-board' });
  });

  test('a seal that nobody renews ends by itself', async (world) => {
    await world.setLease(partition, token);
    await world.log.markBoardsComplete({ partition, leaseToken: token });
    assert.ok(await world.until(async () => (await world.boards.view(show)).type === 'no-board'));
  });

  test('a pool is full only while its owner says so, and open as soon as it says that', async (world) => {
    await world.setLease(partition, token);
    const isOpen = async (): Promise<boolean> => {
      const view = await world.boards.view(show);
      return view.type === 'board' && view.full.length === 0;
    };
    await publish(world, [{ board, full }]);
    assert.not(await isOpen());
    assert.ok(await world.until(isOpen), 'full for ever');
    await publish(world, [{ board, full }]);
    await publish(world, [{ board, full: [] }]);
    assert.ok(await isOpen());
  });
};

const outcomes = (test: LogTest): void => {
  test('a waiter is told its outcome, whatever else is published', async (world) => {
    await world.setLease(partition, token);
    const { outcome } = world.outcomes.wait(reservationIdOf(partition, 2), { timeoutMs: 15_000 });
    await toldUntil(world, outcome, [
      outcomeOf(partition, 1),
      outcomeOf(partition, 2),
      outcomeOf(partition, 3),
    ]);
    assert.equal(await outcome, outcomeOf(partition, 2));
  });

  test('a waiter is told of a show', async (world) => {
    const told: Outcome = { type: 'show', show: ledgerOf() };
    const { outcome } = world.outcomes.wait(show, { timeoutMs: 15_000 });
    await toldUntil(world, outcome, [told]);
    assert.equal(await outcome, told);
  });

  test('an outcome committed while nobody listened yet is found in the tables', async (world) => {
    world.tables(async () => outcomeOf(partition, 1));
    const { outcome } = world.outcomes.wait(reservationIdOf(partition, 1), { timeoutMs: 600_000 });
    assert.equal(await outcome, outcomeOf(partition, 1));
  });

  test('the tables are asked once more before a wait runs out', async (world) => {
    let looks = 0;
    // Absent at the first lookup, when listening began; present at the last one.
    world.tables(async () => (++looks > 1 ? outcomeOf(partition, 1) : undefined));
    const { outcome } = world.outcomes.wait(reservationIdOf(partition, 1), { timeoutMs: 300 });
    assert.equal(await outcome, outcomeOf(partition, 1));
    assert.is(looks, 2);
  });

  test('a wait ends without an outcome when its time is over, tables or not', async (world) => {
    const id = reservationIdOf(partition, 1);
    assert.is(await world.outcomes.wait(id, { timeoutMs: 20 }).outcome, undefined);
    world.tables(() => new Promise(() => undefined));
    assert.is(await world.outcomes.wait(id, { timeoutMs: 20 }).outcome, undefined);
    assert.is(await world.outcomes.wait(id, { timeoutMs: 0 }).outcome, undefined);
  });

  test('a wait ends at once when cancelled, and leaves its place', async (world) => {
    const id = reservationIdOf(partition, 1);
    const cancelled = world.outcomes.wait(id, { timeoutMs: 600_000 });
    const second = world.outcomes.wait(id, { timeoutMs: 600_000 });
    const third = world.outcomes.wait(id, { timeoutMs: 600_000 });
    assert.is(
      await world.outcomes.wait(id, { timeoutMs: 600_000 }).outcome,
      undefined,
      'the fourth of three',
    );
    cancelled.cancel();
    assert.is(await cancelled.outcome, undefined);
    const next = world.outcomes.wait(id, { timeoutMs: 600_000 });
    for (const { cancel } of [second, third, next]) cancel();
    assert.is(await next.outcome, undefined);
  });
};

/** Publishes repeatedly: an outcome must come after the subscription, whose moment a test cannot observe. */
const toldUntil = async (world: LogWorld, outcome: Promise<unknown>, published: readonly Outcome[]) => {
  let told = false;
  void outcome.then(() => {
    told = true;
  });
  await world.until(async () => {
    await publish(world, [], published);
    return told;
  });
};

export const tellingContract = (test: LogTest): void => {
  for (const part of [boards, outcomes]) part(test);
};
