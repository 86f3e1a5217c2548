import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { newUuidText, parseShowId, partitionOf } from '../../src/domain/ids.ts';
import { keysOf } from '../../src/log/keys.ts';
import { type Audit, audit } from '../support/audit.ts';
import { brokenEntries, decidableEntries, type Subjects } from '../support/broken-entries.ts';
import { call, itemsIn, openShow, reserve, reserved } from '../support/client.ts';
import { untilDecided } from '../support/partitions.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('entries that no onsale wrote', { timeoutMs: 30_000 });

const partitions = 4;
const partition = 2;
const stream = keysOf(partition).requests;

let onsale: RunningSystem;
let redis: Redis;
let subjects: Subjects;

test.before(async () => {
  onsale = await startRunning({ env: { ONSALE_PARTITIONS: String(partitions) } });
  redis = new Redis(onsale.backends.redis.url);
  const show = await openShow(onsale.api, { stalls: 100_000 }, { partition });
  subjects = { show, newId: () => idOf(partition), newIdElsewhere: () => idOf(partition + 1) };
});

test.after(async () => {
  redis?.disconnect();
  await onsale?.stop();
});

let ids = 0;
const idOf = (of: number): string => {
  ids += 1;
  const tail = (0x5000_0000 + ids).toString(16).padStart(16, '0');
  const text = newUuidText({ timeMs: 1_700_000_000_000, partition: of, tail });
  assert.is(partitionOf(parseShowId(text) ?? never()), of);
  return text;
};

const never = (): never => {
  throw new Error('not an id');
};

const write = async (fields: readonly (string | Buffer)[]): Promise<string> =>
  String(await redis.xadd(stream, '*', ...fields));

const rowsOf = async (sql: string): Promise<readonly RowDataPacket[]> => {
  const connection = await createConnection(onsale.backends.urls.databaseUrl);
  try {
    return (await connection.query<RowDataPacket[]>(sql))[0];
  } finally {
    await connection.end();
  }
};

/** The reason of each parked entry, by its stream id. */
const parkedReasons = async (): Promise<ReadonlyMap<string, string>> => {
  const rows = await rowsOf("SELECT CONCAT(stream_ms, '-', stream_seq) AS id, reason FROM parked");
  return new Map(rows.map((row) => [String(row['id']), String(row['reason'])]));
};

const allDecided = async (): Promise<Audit> => {
  await untilDecided(onsale.backends.urls);
  const found = await audit(onsale.backends.urls);
  keptPromises(found);
  return found;
};

const ask = (customer: string) => reserve(onsale.api, { customer, showId: subjects.show, quantity: 1 });
const askAndWait = (customer: string) =>
  reserved(onsale.api, { customer, showId: subjects.show, quantity: 1 });

assert.ok(brokenEntries.length >= 20);

for (const { what, fields, why } of brokenEntries) {
  test(`${what}: parked with its reason, and the requests around it are decided`, async () => {
    const before = await ask('ann');
    assert.is(before.status, 202);
    const streamId = await write(fields(subjects));
    await askAndWait('bob');
    const { body } = await call(`${onsale.api}/v1/reservations/${before.body['id']}`, { customer: 'ann' });
    assert.is(body['status'], 'confirmed');
    assert.match((await parkedReasons()).get(streamId) ?? 'not parked', why);
  });
}

for (const { what, fields } of decidableEntries) {
  test(`${what}: decided, not parked`, async () => {
    const streamId = await write(fields(subjects));
    await askAndWait('bob');
    assert.is((await parkedReasons()).get(streamId), undefined);
    const [ms, seq] = streamId.split('-');
    const sql = `SELECT type FROM journal WHERE partition_id = ${partition} AND stream_ms = ${ms} AND stream_seq = ${seq}`;
    assert.is((await rowsOf(sql)).length, 1, 'one decision');
  });
}

test('all of them in one batch, with requests between: each parked or decided, in order, and nothing is lost', async () => {
  const before = await allDecided();
  await onsale.stopProjector();
  const broken: (readonly [string, RegExp])[] = [];
  const asked: string[] = [];
  for (const { fields, why } of brokenEntries) {
    broken.push([await write(fields(subjects)), why]);
    const { status, body } = await ask('cleo');
    assert.is(status, 202, JSON.stringify(body));
    asked.push(String(body['id']));
  }
  for (const { fields } of decidableEntries) await write(fields(subjects));
  await onsale.startProjector();
  const after = await allDecided();
  const reasons = await parkedReasons();
  for (const [streamId, why] of broken) assert.match(reasons.get(streamId) ?? 'not parked', why);
  assert.is(after.parked - before.parked, brokenEntries.length);
  assert.is(after.decisions - before.decisions, asked.length + decidableEntries.length);
  const sql = `SELECT LOWER(HEX(id)) AS id FROM reservations WHERE customer_id = 'cleo' AND status = 'confirmed'
    ORDER BY requested_ms, requested_seq`;
  assert.equal(
    (await rowsOf(sql)).map((row) => row['id']),
    asked.map((id) => id.replaceAll('-', '')),
  );
});

test('the same broken entry delivered twice is one parked entry each time it lies in the stream', async () => {
  const before = await allDecided();
  const streamIds = [await write(['v', '1', 'r', 'again']), await write(['v', '1', 'r', 'again'])];
  await askAndWait('bob');
  const reasons = await parkedReasons();
  assert.ok(streamIds.every((id) => reasons.has(id)));
  assert.is((await allDecided()).parked - before.parked, 2);
});

test('a thousand broken entries that are too large for one statement together are parked all the same', async () => {
  const before = await allDecided();
  await onsale.stopProjector();
  const raw = 'x'.repeat(60_000);
  const pipeline = redis.pipeline();
  for (let n = 0; n < 1_000; n++) pipeline.xadd(stream, '*', 'v', '1', 'r', `${n}${raw}`);
  await pipeline.exec();
  const behind = await ask('ann');
  await onsale.startProjector();
  assert.is((await allDecided()).parked - before.parked, 1_000);
  const { body } = await call(`${onsale.api}/v1/reservations/${behind.body['id']}`, { customer: 'ann' });
  assert.is(body['status'], 'confirmed');
});

test('an entry of a later version is not parked: what stands behind it waits until it is gone', async () => {
  const before = await allDecided();
  const streamId = await write(['v', '3', 'r', '{}']);
  const behind = await ask('ann');
  const path = `${onsale.api}/v1/reservations/${behind.body['id']}`;
  assert.is((await call(path, { customer: 'ann', wait: 1 })).body['status'], 'pending');
  assert.is((await rowsOf('SELECT 1 FROM parked')).length, before.parked);
  await onsale.stopProjector();
  await redis.xdel(stream, streamId);
  await onsale.startProjector();
  await allDecided();
  assert.is((await call(path, { customer: 'ann' })).body['status'], 'confirmed');
});

test('a stray reservation was accepted by nobody, and who looks for it finds it pending with its reason', async () => {
  const id = idOf(partition + 1);
  await write([
    'v',
    '1',
    'r',
    JSON.stringify({ t: 'reserve', id, show: subjects.show, by: 'eve', lines: [['stalls', 1]] }),
  ]);
  await askAndWait('bob');
  const seen = await call(`${onsale.api}/v1/reservations/${id}`, { admin: true });
  assert.equal([seen.status, seen.body['status']], [200, 'pending']);
  const history = await call(`${onsale.api}/v1/reservations/${id}/history`, { admin: true });
  assert.match(JSON.stringify(itemsIn(history)), 'belongs to partition');
});
