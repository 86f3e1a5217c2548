import { Redis } from 'ioredis';
import { waitUntil } from '../../../infra/local/wait-until.ts';
import { keysOf } from '../../../src/log/keys.ts';
import { call, getReservation, itemsIn, openShow, reserve } from '../../support/client.ts';
import { listen } from '../../support/event-stream.ts';
import { assert, suite } from '../../support/suite.ts';
import { type OnsaleWorld, startOnsaleWorld } from '../onsale-world.ts';

const test = suite('onsale parked and redrive', { timeoutMs: 60_000 });

let world: OnsaleWorld;
let redis: Redis;
let showId: string;

test.before(async () => {
  world = await startOnsaleWorld();
  redis = new Redis(world.backends.redis.url);
  showId = await openShow(world.api, { stalls: 100 }, { partition: 1 });
  // The cause that will be removed: a constraint that was added to the journal by hand.
  await world.sql("ALTER TABLE journal ADD CONSTRAINT no_bob CHECK (data NOT LIKE '%bob%')");
});
test.after(async () => {
  redis?.disconnect();
  await world.stop();
});

const untilParked = async (count: number): Promise<string> => {
  let output = '';
  const isIt = async (): Promise<boolean> => {
    output = (await world.run(['parked', '--list'])).output;
    return output.trim().split('\n').length === count + 1;
  };
  assert.ok(await waitUntil(isIt, { limitMs: 15_000, everyMs: 100 }), output);
  return output;
};

const ids: string[] = [];
const placeOf = (list: string, what: string): string =>
  new RegExp(`^(\\d+/\\d+-\\d+).*${what}`, 'm').exec(list)?.[1] ?? '';

test('nothing is parked, and it says so', async () => {
  assert.equal(await world.run(['parked']), { code: 0, output: 'nothing is parked\n' });
  assert.equal(await world.run(['redrive']), { code: 0, output: '0 sent, 0 left\n' });
});

test('parked entries by reason, in a list, and one in full', async () => {
  for (const quantity of [1, 2, 3]) {
    const answer = await reserve(world.api, { customer: 'bob', showId, quantity, key: `k${quantity}` });
    ids.push(String(answer.body['id']));
  }
  await redis.xadd(keysOf(1).requests, '*', 'v', '1', 'r', 'not JSON\u001b[2J');
  const list = await untilParked(4);
  const { code, output } = await world.run(['parked']);
  assert.is(code, 3);
  assert.match(output, /^ +3 {2}waits .*no_bob/m);
  assert.match(output, /^ +1 {2}waits .*it is not JSON/m);
  assert.not.match(list, '\u001b', 'what came from outside does not speak to the terminal');
  const shown = await world.run(['parked', '--show', placeOf(list, ids[0] ?? '')]);
  assert.is(shown.code, 0);
  assert.match(shown.output, new RegExp(`^request +${ids[0]}$`, 'm'));
  assert.match(shown.output, /"customerId":"bob"/);
  const some = await world.run([
    'parked',
    '--list',
    '--reason',
    'no_bob',
    '--limit',
    '2',
    '--partition',
    '1',
  ]);
  assert.match(some.output, /and more: --limit shows 2\n$/);
  assert.is(some.output.trim().split('\n').length, 4);
  assert.is((await getReservation(world.api, ids[0] ?? '', 'bob')).body['status'], 'pending');
});

test('a dry run sends nothing; a redrive before the cause is gone parks them again', async () => {
  const length = await redis.xlen(keysOf(1).requests);
  const dry = await world.run(['redrive', '--dry-run', '--limit', '2']);
  assert.equal([dry.code, dry.output.trim().split('\n').length], [0, 3]);
  assert.match(dry.output, /2 would be sent, 0 left, and more wait: run it again\n$/);
  assert.is(await redis.xlen(keysOf(1).requests), length);
  const one = await world.run(['redrive', '--id', placeOf(await untilParked(4), ids[0] ?? '')]);
  assert.equal([one.code, one.output.trim().split('\n').at(-1)], [0, '1 sent, 0 left']);
  const again = await untilParked(5);
  assert.match(again, new RegExp(`${ids[0]} .*sent again, parked again`));
});

test('once the cause is gone each is decided; watchers hear of it, and history shows both', async () => {
  await world.sql('ALTER TABLE journal DROP CONSTRAINT no_bob');
  const [id = ''] = ids;
  const watching = await listen(`${world.api}/v1/reservations/${id}/updates`, { 'x-customer-id': 'bob' });
  await watching.hears('that it is pending', ({ data }) => data['status'] === 'pending');
  const both = await Promise.all([
    world.run(['redrive', '--reason', 'no_bob']),
    world.run(['redrive', '--reason', 'no_bob']),
  ]);
  assert.ok(
    both.some(({ code }) => code === 0),
    both.map(({ output }) => output).join('\n'),
  );
  await watching.hears('that it is confirmed', ({ data }) => data['status'] === 'confirmed');
  await watching.ends();
  for (const each of ids)
    assert.is((await getReservation(world.api, each, 'bob', 20)).body['status'], 'confirmed');
  const history = await call(`${world.api}/v1/reservations/${id}/history`, { customer: 'bob' });
  assert.equal(
    itemsIn(history).map(({ kind }) => kind),
    ['parked', 'parked', 'request', 'decision'],
  );
  const show = await call(`${world.api}/v1/shows/${showId}`);
  assert.match(JSON.stringify(show.body), /"confirmed":6/);
});

test('what cannot be read is left, said with its reason, and 3', async () => {
  const { code, output } = await world.run(['redrive']);
  assert.is(code, 3);
  assert.match(output, /^1\/\d+-\d+ left: it still cannot be read: it is not JSON\n0 sent, 1 left\n$/);
  const document = await world.json(['redrive', '--dry-run']);
  assert.equal([document['sent'], document['left'], document['more']], [0, 1, false]);
});

test('a log that is away or refuses ends it with 1 and what was done', async () => {
  await redis.config('SET', 'maxmemory', '1mb');
  const list = (await world.run(['parked', '--list'])).output;
  const decided = await world.run(['redrive', '--id', placeOf(list, ids[1] ?? '')]);
  assert.equal([decided.code, /its request is decided/.test(decided.output)], [3, true]);
  await redis.config('SET', 'maxmemory', '0');
  const away = await world.run(['redrive'], { REDIS_URL: 'redis://127.0.0.1:1' });
  assert.is(away.code, 1);
  assert.match(away.output, /^onsale redrive: cannot use Redis/);
});

test('asked wrongly: one line, and 2; what is not there: one line, and 1', async () => {
  for (const args of [
    ['parked', '--show', 'x'],
    ['parked', '--limit', '0'],
    ['redrive', '--id', '1/x'],
    ['redrive', '-n'],
  ]) {
    const { code, output } = await world.run(args);
    assert.is(code, 2, args.join(' '));
    assert.match(output, /^onsale [a-z]+: [^\n]+\n$/);
  }
  for (const args of [
    ['parked', '--show', '1/1-1'],
    ['redrive', '--id', '1/1-1', '--dry-run'],
  ]) {
    const { code, output } = await world.run(args);
    assert.is(code, 1, output);
    assert.match(output, /nothing is parked at 1\/1-1\n$/);
  }
});

test('what nobody can send again is dismissed, by whom and why, and alarms no more; on demand it is shown', async () => {
  const unreadable = placeOf((await world.run(['parked', '--list'])).output, 'it is not JSON');
  assert.is((await world.run(['parked'])).code, 3);
  const dismiss = ['parked', '--dismiss', unreadable, '--because', 'a script wrote it'];
  const done = await world.run(dismiss);
  assert.equal([done.code, done.output.trim().split('\n').length], [0, 1]);
  assert.match(done.output, new RegExp(`^${unreadable} dismissed by .+@.+`));
  assert.equal(await world.run(['parked']), { code: 0, output: 'nothing is parked\n' });
  assert.equal(await world.run(['redrive']), { code: 0, output: '0 sent, 0 left\n' });
  const looksWell = async (): Promise<boolean> => (await world.run(['inspect'])).code === 0;
  assert.ok(await waitUntil(looksWell, { limitMs: 15_000, everyMs: 100 }));
  const shown = await world.run(['parked', '--dismissed']);
  assert.is(shown.code, 0);
  assert.match(shown.output, /^ +1 {2}dismissed .*it is not JSON/m);
  assert.not.match((await world.run(['parked', '--list'])).output, unreadable);
  assert.match((await world.run(['parked', '--list', '--dismissed'])).output, unreadable);
  assert.match(
    (await world.run(['parked', '--show', unreadable])).output,
    /^dismissed .*, because a script wrote it$/m,
  );
  assert.match((await world.run(['verify'])).output, /\d+ parked \(and 1 dismissed\)/);
  const redriven = await world.run(['redrive', '--id', unreadable]);
  assert.equal([redriven.code, /has dismissed it \(a script wrote it\)/.test(redriven.output)], [3, true]);
  const again = await world.run(dismiss);
  assert.equal([again.code, /was dismissed .* a script wrote it/.test(again.output)], [1, true]);
  const restored = await world.run(['parked', '--restore', unreadable]);
  assert.equal([restored.code, (await world.run(['parked'])).code], [0, 3]);
});
