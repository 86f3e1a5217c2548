import { type Board, boardOf } from '../../src/domain/board.ts';
import { evolve } from '../../src/domain/ledger.ts';
import { beforeAll, newStreamId } from '../../src/domain/stream-id.ts';
import { encodeEntry } from '../../src/log/wire/codec.ts';
import { opening } from '../domain/generate.ts';
import { numbersIn, requestOf, reservationIdOf } from '../log/requests.ts';
import { assert, suite } from '../support/suite.ts';
import { key, leaseToken, newFaultyWorld, partition, show } from './memory-log-faulty-world.ts';

const boardNow = (): Board => {
  const { name, pools, rules } = opening({ standing: 5 }, {}, show);
  const ledger = evolve(undefined, { type: 'ShowOpened', showId: show, name, pools, rules }, 1);
  if (!ledger) throw new Error('an opened show has a ledger');
  return boardOf(ledger);
};

const past = suite('the log in memory, going back');

past('ids rise however far the clock of the server goes back', async () => {
  const { server, append, setServerMs } = newFaultyWorld();
  await append(1);
  setServerMs(10);
  await append(2, 3);
  setServerMs(6_000);
  await append(4);
  const ids = server.entries(partition).map(({ streamId }) => streamId);
  assert.equal(ids, ['5000-0', '5000-1', '5000-2', '6000-0']);
});

past('everything goes back to the snapshot, as often as it is restored', async () => {
  const { server, log, append, read, setServerMs } = newFaultyWorld();
  await append(1, 2);
  assert.equal(numbersIn(await read('reset', beforeAll, 1)), [1]);
  const before = server.snapshot();
  for (let round = 0; round < 2; round += 1) {
    setServerMs(5_500);
    await append(7, 8);
    assert.equal(numbersIn(await read('reset')), [1, 2, 7, 8]);
    await log.requestKeys.claim(key, reservationIdOf(partition, 1));
    await log.partitionLog.markBoardsComplete({ partition, leaseToken });
    assert.is((await log.boards.view(show)).type, 'unknown-show');
    const boards = [{ board: boardNow(), full: [] }];
    await log.partitionLog.publish({ partition, leaseToken, outcomes: [], boards });
    assert.is((await log.boards.view(show)).type, 'board');
    server.restore(before);
    assert.is(server.lastId(partition), '5000-1');
    assert.equal(await log.boards.view(show), { type: 'no-board' });
    assert.is(await log.requestKeys.owner(key), undefined);
    // The watermark is above the position: had the position not been reset, entry 2 would be skipped.
    assert.equal(numbersIn(await read('reset', newStreamId(5_500, 1))), [2]);
    setServerMs(5_000);
    await append(9);
    assert.is(server.lastId(partition), '5000-2');
    server.restore(before);
  }
});

past('a server that lost everything has nothing', async () => {
  const { server, log, append } = newFaultyWorld();
  await append(1);
  await log.requestKeys.claim(key, reservationIdOf(partition, 1));
  server.loseAll();
  assert.equal(server.entries(partition), []);
  assert.is(await log.tail.lastId(partition), beforeAll);
  assert.is(await log.requestKeys.owner(key), undefined);
  const task = { partition, leaseToken, watermark: newStreamId(5_000, 0) };
  assert.is(await log.partitionLog.lift({ ...task, judgedMs: 0, inFlightMax: 0 }), 'lifted');
});

past('what expires does so by the clock of the server, not by that of the process', async () => {
  const { clock, log, setServerMs } = newFaultyWorld();
  await log.requestKeys.claim(key, reservationIdOf(partition, 1));
  await clock.advance(3_600_000);
  assert.ok(await log.requestKeys.owner(key));
  setServerMs(5_000 + 900_000);
  assert.is(await log.requestKeys.owner(key), undefined);
  const next = await log.requestKeys.claim(key, reservationIdOf(partition, 2));
  assert.is(next.requestId, reservationIdOf(partition, 2));
});

past('the backlog is what was not read yet', async () => {
  const { clock, log, append, read } = newFaultyWorld();
  await log.partitionLog.lift({ partition, leaseToken, watermark: beforeAll, judgedMs: 0, inFlightMax: 0 });
  await append(1, 2, 3, 4);
  log.backlogs.of(partition);
  await clock.advance(1_000);
  assert.is(log.backlogs.of(partition).entries, 4);
  await read('reset', beforeAll, 2);
  await clock.advance(1_000);
  log.backlogs.of(partition);
  await clock.advance(1);
  assert.equal(log.backlogs.of(partition), { entries: 2, waitSeconds: 1, memoryUsed: 0 });
});

past('entries of any shape stand on the stream as they were put there', async () => {
  const { server, read } = newFaultyWorld();
  server.appendRaw(partition, ['v', '3', 'what', 'ever']);
  server.appendRaw(partition, [Buffer.from([0xff]), Buffer.from([0])]);
  server.appendRaw(partition, encodeEntry(requestOf(partition, 1)), newStreamId(9_000, 5));
  const verdict = await read('reset');
  const types = verdict.type === 'read' && verdict.entries.map(({ content }) => content.type);
  assert.equal(types, ['newer', 'broken', 'request']);
  assert.is(server.lastId(partition), '9000-5');
});
