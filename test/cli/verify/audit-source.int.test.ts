import { createConnection } from 'mysql2/promise';
import { audit } from '../../../src/audit/audit.ts';
import { type OpenAuditSource, openAuditSource } from '../../../src/cli/verify/audit-source.ts';
import { keysOf } from '../../../src/log/keys.ts';
import { step } from '../../../src/projector/step.ts';
import { bytesOf } from '../../../src/store/database/parameters.ts';
import { newLogger } from '../../../src/telemetry/logger.ts';
import { request as ask, line, opening, reservationId } from '../../domain/generate.ts';
import { openFixture, type ProjectorFixture, partition } from '../../projector/projector-fixture.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('what an audit looks at, on real servers');

let it: ProjectorFixture;

test.before.each(async () => {
  it = await openFixture();
});
test.after.each(() => it.close());

const keys = keysOf(partition);
const askFor = (n: number, streamId?: string) => it.append(ask(n, [line('stalls', 1)]), streamId);

/** Decides everything on the stream, as an owner that has just taken over. */
const decideAll = async (): Promise<void> => {
  const owned = await it.own();
  while ((await step(owned)).type === 'committed');
};

const look = async (): Promise<OpenAuditSource> =>
  await openAuditSource({ ...it.urls, logger: newLogger({ level: 'silent', roles: ['test'] }) });

test('a snapshot stays what it was, whatever is decided meanwhile', async () => {
  await it.append(opening({ stalls: 10 }));
  await askFor(1);
  await decideAll();
  const { source, close } = await look();
  try {
    await askFor(2);
    await decideAll();
    assert.is((await source.partitions())[partition]?.progress.position, 2);
    assert.is((await source.journal(partition, { after: 0, limit: 10 })).length, 2);
    assert.is((await source.counts(partition)).reservations, 1);
    assert.is((await source.decided([reservationId(2)])).size, 0);
    const report = await audit(source);
    assert.is(report.verdict, 'kept', JSON.stringify(report));
    assert.is(report.looked.entries, 2);
  } finally {
    await close();
  }
});

test('what was given, decided after the snapshot and dropped from the stream is not lost', async () => {
  await it.append(opening({ stalls: 10 }));
  await decideAll();
  await askFor(1);
  const { source, close } = await look();
  try {
    await decideAll();
    await it.redis.xtrim(keys.requests, 'MAXLEN', 0);
    const given = (n: number) => ({ requestId: reservationId(n), end: 'ok' }) as const;
    const { findings } = await audit(source, [given(1), given(2)]);
    assert.equal(
      findings.lost.named.map(({ about }) => about),
      [reservationId(2)],
    );
  } finally {
    await close();
  }
});

test('late entries are not lost while they wait to be read or committed, and are once they are passed', async () => {
  await it.append(opening({ stalls: 10 }));
  await askFor(1);
  await decideAll();
  // A replica that never had the end of the stream takes over: its ids and the group's position are old.
  await it.redis.del(keys.requests);
  await it.redis.xgroup('CREATE', keys.requests, 'projectors', '0', 'MKSTREAM');
  await askFor(2, '7-1');
  const lost = async () => (await it.audit()).faults.lost.length;
  assert.is(await lost(), 0, 'to be read');
  await it.redis.xgroup('SETID', keys.requests, 'projectors', '7-1');
  assert.is(await lost(), 1, 'passed');
  await it.redis.set(keys.lateFrom, '7-0');
  assert.is(await lost(), 0, 'read, and not committed');
  await it.redis.del(keys.lateFrom);
  await it.redis.xgroup('DESTROY', keys.requests, 'projectors');
  assert.is(await lost(), 0, 'to be read from the beginning');
});

test('more parked entries than are asked for at once are all seen', async () => {
  await it.append(opening({ stalls: 10 }));
  const pipeline = it.redis.pipeline();
  for (let n = 0; n < 1_100; n++) pipeline.xadd(keys.requests, '*', 'v', '1', 'r', `{"broken":${n}`);
  await pipeline.exec();
  await decideAll();
  const found = await it.audit();
  assert.is(found.parked, 1_100);
  assert.equal(found.faults.lost, []);
});

test('what cannot be read is named, and everything else is judged', async () => {
  await it.append(opening({ stalls: 10 }, { holdSeconds: 600 }));
  for (const n of [1, 2, 3, 4]) await askFor(n);
  await decideAll();
  const byHand = await createConnection(it.urls.databaseUrl);
  const edit = (sql: string, n: number) => byHand.execute(`${sql} = ?`, [bytesOf(reservationId(n))]);
  await edit("UPDATE reservations SET status = 'xyz' WHERE id", 1);
  await edit('DELETE FROM reservations WHERE id', 2);
  await edit("UPDATE journal SET type = 'HoldMoved' WHERE request_id", 3);
  await byHand.end();
  const { source, close } = await look();
  try {
    const { findings, looked } = await audit(source, [], { pageEntries: 1 });
    assert.is(looked.decisions, 4);
    const named = findings.disagreeing.named.map(({ about, what }) => `${about}: ${what}`).join('\n');
    assert.match(
      named,
      new RegExp(`^${reservationId(1)}: reservation .*holds xyz, which this version cannot read`, 'm'),
    );
    assert.match(named, new RegExp(`^${reservationId(2)}: .*it has no row in reservations`, 'm'));
    assert.match(named, /^position 4 of partition 0: .*HoldMoved/m);
  } finally {
    await close();
  }
});
