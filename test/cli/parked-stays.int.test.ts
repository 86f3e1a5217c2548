import { createHash } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { keysOf } from '../../src/log/keys.ts';
import { encodeEntry } from '../../src/log/wire/codec.ts';
import type { Dismissal } from '../../src/store/rows/parked-record.ts';
import { confirming } from '../domain/ask.ts';
import { request as ask, line, opening, reservationId } from '../domain/generate.ts';
import { partition } from '../projector/projector-fixture.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';
import { openRedriveWorld, type RedriveWorld } from './redrive-world.ts';

const test = suite('what is parked stays parked until somebody sends it again');

let it: RedriveWorld;

test.before.each(async () => {
  it = await openRedriveWorld();
});
test.after.each(() => it.close());

const wish = ask(1, [line('stalls', 2)]);

const statusOfWish = async (): Promise<string | undefined> =>
  (await it.store.reservations([reservationId(1)])).get(reservationId(1))?.status;

const stillParked = async (decisions: number): Promise<void> => {
  assert.is((await it.audit()).decisions, decisions);
  assert.equal(
    (await it.parked()).map(({ state }) => state),
    ['waiting'],
  );
};

test('a reservation that its client asks for again, above and then below the watermark', async () => {
  await it.append(opening({ stalls: 10 }));
  await it.append(wish);
  await it.work([wish]);
  await it.append(wish);
  await it.append(ask(2, [line('stalls', 1)]));
  await it.work();
  await stillParked(2);
  await it.redis.set(keysOf(partition).lateFrom, '0-0');
  await it.work();
  await stillParked(2);
  assert.is(await statusOfWish(), 'pending');
});

test('a confirmation that its client asks for again, by the owner who parked it and by the next one', async () => {
  const confirmation = confirming(1);
  await it.append(opening({ stalls: 10 }, { holdSeconds: 600 }));
  await it.append(wish);
  await it.append(confirmation);
  const refused: RequestEvent[] = [confirmation];
  const owned = await it.own(refused);
  await it.work(owned);
  refused.pop();
  await it.append(confirmation);
  await it.work(owned);
  await stillParked(2);
  await it.append(confirmation);
  await it.work();
  await stillParked(2);
  assert.is(await statusOfWish(), 'held');
});

/** Parks an entry as an older version did that could not read it. */
const parkAsOld = async (raw: Buffer, { kept = raw } = {}): Promise<void> => {
  const connection = await createConnection(it.urls.databaseUrl);
  try {
    await connection.query(
      'INSERT INTO parked (partition_id, stream_ms, stream_seq, sha256, raw, reason, attempts, parked_at_ms) VALUES ?',
      [[[partition, 5, 0, createHash('sha256').update(raw).digest(), kept, 'it cannot be read', 1, 5]]],
    );
  } finally {
    await connection.end();
  }
};

test('what an older version could not read is sent by the one that can, and gets the id of its request', async () => {
  await it.append(opening({ stalls: 10 }));
  const netstrings = encodeEntry(wish).map((field) => `${Buffer.byteLength(field)}:${field},`);
  await parkAsOld(Buffer.from(netstrings.join('')));
  assert.is((await it.redrive()).sent, 1);
  await it.work();
  const [entry] = await it.parked();
  assert.equal([entry?.requestId, entry?.state], [reservationId(1), 'decided']);
  assert.is(await statusOfWish(), 'confirmed');
  keptPromises(await it.audit());
});

test('what somebody dismissed is counted by nobody and sent by nobody, until that is taken back', async () => {
  await it.append(opening({ stalls: 10 }));
  await it.work();
  await parkAsOld(Buffer.from('{"broken":'));
  const counted = async (): Promise<number | undefined> =>
    (await it.repair.partitions()).find((standing) => standing.partition === partition)?.parked;
  const [entry] = await it.parked();
  if (!entry) throw new Error('it is parked');
  const change = async (dismissal?: Dismissal): Promise<unknown> =>
    it.repair.redriving((marks) => marks.dismiss(entry, dismissal));
  const dismissal = { atMs: 7, by: 'ann@desk', because: 'a script wrote it' };
  assert.is(await counted(), 1);
  assert.equal(await change(), { type: 'done', value: false });
  assert.equal(await change(dismissal), { type: 'done', value: true });
  assert.equal(await change({ ...dismissal, by: 'bob@desk' }), { type: 'done', value: false });
  assert.equal([await counted(), await it.parked(), (await it.redrive()).lines], [0, [], []]);
  assert.is((await it.audit()).parked, 0);
  const [dismissed] = await it.repair.parkedAt(entry);
  assert.equal([dismissed?.state, dismissed?.dismissal], ['dismissed', dismissal]);
  const [left] = (await it.redrive((to) => to, dismissed && [dismissed])).lines;
  assert.match(left?.type === 'left' ? left.why : '', 'ann@desk has dismissed it (a script wrote it)');
  const sending = it.repair.redriving((marks) => marks.sending(entry, reservationId(9)));
  assert.match(await sending.then(() => 'sent', String), 'was dismissed');
  assert.equal(await change(), { type: 'done', value: true });
  assert.is(await counted(), 1);
});

test('what no version can read, and what was cut, is left and named; nothing is sent', async () => {
  await parkAsOld(Buffer.from('{"broken":'));
  const [broken] = (await it.redrive()).lines;
  assert.is(broken?.type === 'left' && broken.why, 'it still cannot be read: it is not JSON');
  await parkAsOld(Buffer.alloc(70_000, 'x'), { kept: Buffer.alloc(65_536, 'x') });
  const { lines, ...end } = await it.redrive();
  assert.equal(end, { sent: 0, left: 2, more: false });
  const whys = lines.map((told) => (told.type === 'left' ? told.why : ''));
  assert.ok(whys.includes('it was cut to its first 65536 bytes when it was parked'), whys.join('\n'));
  assert.is(await it.redis.xlen(keysOf(partition).requests), 0);
});

test('a key that was used for another request meanwhile: that one counts, whoever is sent again', async () => {
  const key = { hash: 'a'.repeat(32), fingerprint: 'b'.repeat(32) };
  const keyed = { ...wish, key };
  await it.append(opening({ stalls: 10 }));
  await it.append(keyed);
  await it.work([keyed]);
  await it.append({ ...ask(2, [line('stalls', 2)]), key });
  await it.work();
  await it.redrive();
  await it.work();
  const sent = (await it.store.reservations([reservationId(1)])).get(reservationId(1));
  assert.equal(
    [sent?.status, sent?.reason, sent?.firstId],
    ['rejected', 'duplicate-request', reservationId(2)],
  );
  keptPromises(await it.audit());
});
