import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { waitUntil } from '../../../infra/local/wait-until.ts';
import type { Redrive } from '../../../src/cli/parked/redrive-entries.ts';
import { keysOf } from '../../../src/log/keys.ts';
import { newDeferred } from '../../../src/shared/deferred.ts';
import { confirming } from '../../domain/ask.ts';
import { request as ask, line, opening, reservationId } from '../../domain/generate.ts';
import { partition } from '../../projector/projector-fixture.ts';
import { keptPromises } from '../../support/sale.ts';
import { assert, suite } from '../../support/suite.ts';
import { openRedriveWorld, type RedriveWorld } from '../redrive-world.ts';

const test = suite('redrive, on real servers');

let it: RedriveWorld;

test.before.each(async () => {
  it = await openRedriveWorld();
});
test.after.each(() => it.close());

type RedriveTarget = NonNullable<Redrive['to']>;

const wish = ask(1, [line('stalls', 2)]);
const other = ask(2, [line('stalls', 1)]);
const lengthOfStream = (): Promise<number> => it.redis.xlen(keysOf(partition).requests);

/** A show, one request that is decided, and one that the database refuses. */
const parkOne = async (rules = {}): Promise<void> => {
  await it.append(opening({ stalls: 10 }, rules));
  await it.append(other);
  const parkedAs = await it.append(wish);
  await it.work([wish]);
  const [entry] = await it.parked();
  assert.equal([entry?.streamId, entry?.state, entry?.attempts], [parkedAs, 'waiting', 2]);
  assert.is((await it.store.reservations([reservationId(1)])).get(reservationId(1))?.status, 'pending');
};

/** Asserts that every request is decided exactly once and that the tables agree with the journal. */
const decidedOnce = async (status: string, decisions: number): Promise<void> => {
  const found = await it.audit();
  keptPromises(found);
  assert.is(found.decisions, decisions);
  assert.is((await it.store.reservations([reservationId(1)])).get(reservationId(1))?.status, status);
  for (const { state } of await it.parked()) assert.is(state, 'decided');
};

test('a parked request is decided once it is sent again, under the id it had, at the end of the stream', async () => {
  await parkOne();
  const { lines, ...end } = await it.redrive();
  assert.equal(end, { sent: 1, left: 0, more: false });
  const [last] = await it.redis.xrevrange(keysOf(partition).requests, '+', '-', 'COUNT', 1);
  const [told] = lines;
  assert.is(told?.type === 'sent' && told.as, last?.[0]);
  assert.is((await it.parked())[0]?.redrivenAs, last?.[0]);
  await it.work();
  await decidedOnce('confirmed', 3);
  const [entry] = await it.parked();
  assert.equal(entry?.decision, { type: 'ReservationConfirmed', streamId: last?.[0] });
});

test('decided also beside a duplicate, which makes the projector look everything up', async () => {
  await parkOne();
  await it.redrive();
  await it.append(other);
  await it.work();
  await decidedOnce('confirmed', 3);
});

test('the row that was pending becomes a hold, with everything a hold has', async () => {
  await parkOne({ holdSeconds: 600 });
  await it.redrive();
  await it.work();
  await decidedOnce('held', 3);
});

test('a parked confirmation is carried out once it is sent again', async () => {
  await it.append(opening({ stalls: 10 }, { holdSeconds: 600 }));
  await it.append(wish);
  const confirmation = confirming(1);
  await it.append(confirmation);
  await it.work([confirmation]);
  await it.redrive();
  await it.work();
  await decidedOnce('confirmed', 3);
});

test('cut off between the mark and the append: nothing is lost, the next redrive sends it', async () => {
  await parkOne();
  const length = await lengthOfStream();
  const dying = (to: RedriveTarget): RedriveTarget => ({
    ...to,
    appender: { append: () => Promise.reject(new Error('dead')) },
  });
  assert.is((await it.redrive(dying)).stopped, 'dead');
  assert.is(await lengthOfStream(), length);
  assert.is((await it.parked())[0]?.state, 'sending');
  await it.work();
  assert.is((await it.redrive()).sent, 1);
  await it.work();
  await decidedOnce('confirmed', 3);
});

test('cut off between the append and the mark: sent twice by the next redrive, decided once', async () => {
  await parkOne();
  const dying = ({ marks, appender }: RedriveTarget): RedriveTarget => ({
    appender,
    marks: { ...marks, redriven: () => Promise.reject(new Error('dead')) },
  });
  assert.is((await it.redrive(dying)).stopped, 'dead');
  assert.is((await it.redrive()).sent, 1);
  assert.is(await lengthOfStream(), 5);
  await it.work();
  await decidedOnce('confirmed', 3);
});

test('a reply that never came: it is sent once more, and decided once', async () => {
  await parkOne();
  const losing = ({ marks, appender }: RedriveTarget): RedriveTarget => ({
    marks,
    appender: {
      append: async (...asked) => {
        await appender.append(...asked);
        return { type: 'unknown', why: 'the reply was lost' };
      },
    },
  });
  const end = await it.redrive(losing);
  assert.equal(
    [end.sent, end.stopped],
    [0, 'it is not known whether the last one was sent: the reply was lost'],
  );
  await it.work();
  await decidedOnce('confirmed', 3);
  assert.is((await it.redrive()).sent, 0, 'it is decided, so there is nothing to send');
});

test('a log that refuses stops it, and what was not sent is parked as before', async () => {
  await parkOne();
  const refusing = ({ marks }: RedriveTarget): RedriveTarget => ({
    marks,
    appender: { append: async () => ({ type: 'refused', why: 'out of memory' }) },
  });
  const end = await it.redrive(refusing);
  assert.equal([end.sent, end.stopped], [0, 'the log refuses: out of memory']);
  assert.is((await it.parked())[0]?.state, 'waiting');
  await it.append(wish);
  await it.work();
  assert.is((await it.parked())[0]?.state, 'waiting', 'so a retry of the client changes nothing');
});

test('what Redis lost after it was sent is shown as sent, and can be sent once more', async () => {
  await parkOne();
  await it.redrive();
  await it.redis.del(keysOf(partition).requests);
  await it.work();
  const sent = await it.parked();
  assert.equal([sent[0]?.state, (await it.redrive()).sent], ['sent', 0]);
  assert.is((await it.redrive(undefined, sent)).sent, 1);
  await it.work();
  assert.equal([(await it.parked())[0]?.state, (await it.audit()).decisions], ['decided', 3]);
});

test('two at once: one of them works, the other is told so', async () => {
  await parkOne();
  const both = await it.repair.redriving(() => it.repair.redriving(async () => 'both'));
  assert.equal(both, { type: 'done', value: { type: 'busy' } });
  assert.equal(await it.repair.redriving(async () => 'alone'), { type: 'done', value: 'alone' });
});

test('one that comes while the one before is about to go waits for it', async () => {
  const hand = await createConnection(it.urls.databaseUrl);
  const waits = async (): Promise<boolean> => {
    const [rows] = await hand.query<RowDataPacket[]>(
      "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User lock'",
    );
    return rows.length === 1;
  };
  try {
    const begun = newDeferred<void>();
    const going = newDeferred<void>();
    const first = it.repair.redriving(() => {
      begun.resolve();
      return going.promise;
    });
    await begun.promise;
    const second = it.repair.redriving(async () => 'after it');
    assert.ok(await waitUntil(waits, { limitMs: 1_500 }), 'the second waits');
    going.resolve();
    assert.equal((await first).type, 'done');
    assert.equal(await second, { type: 'done', value: 'after it' });
  } finally {
    await hand.end();
  }
});

test('parked again: a row of its own under the new stream id, attempts count up, and it can be sent again', async () => {
  await parkOne();
  await it.redrive();
  await it.work([wish]);
  const [first, second] = await it.parked();
  assert.equal([first?.state, second?.state], ['parked-again', 'waiting']);
  assert.is(second?.streamId, first?.redrivenAs);
  assert.ok((second?.attempts ?? 0) > (first?.attempts ?? 0), `${second?.attempts} attempts`);
  assert.is((await it.store.reservations([reservationId(1)])).get(reservationId(1))?.status, 'pending');
  await it.append(wish);
  await it.work();
  assert.is((await it.audit()).decisions, 2, 'a retry does not decide it');
  await it.redrive();
  await it.work();
  await decidedOnce('confirmed', 3);
});

test('two entries of one request are one request: both are sent as one', async () => {
  const confirmation = confirming(1);
  await it.append(opening({ stalls: 10 }, { holdSeconds: 600 }));
  await it.append(wish);
  await it.append(confirmation);
  await it.work([confirmation]);
  await it.append(confirmation);
  await it.work([confirmation]);
  assert.is((await it.parked()).length, 2);
  await it.redrive();
  await it.work();
  await decidedOnce('confirmed', 3);
});
