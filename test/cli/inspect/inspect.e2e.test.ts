import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { freePort } from '../../../infra/local/free-port.ts';
import { patience, waitUntil } from '../../../infra/local/wait-until.ts';
import { keysOf } from '../../../src/log/keys.ts';
import { openShow, reserved } from '../../support/client.ts';
import { assert, suite } from '../../support/suite.ts';
import { type OnsaleWorld, startOnsaleWorld } from '../onsale-world.ts';

const test = suite('onsale inspect', { timeoutMs: 60_000 });

let world: OnsaleWorld;
let redis: Redis;

test.before(async () => {
  world = await startOnsaleWorld();
  redis = new Redis(world.backends.redis.url);
  const showId = await openShow(world.api, { stalls: 10 }, { partition: 2 });
  await reserved(world.api, { customer: 'ann', showId, quantity: 1 });
});
test.after(async () => {
  redis?.disconnect();
  await world.stop();
});

/** Repeats until the exit code, because a take-over may be under way. */
const untilCode = async (code: number): Promise<string> => {
  let output = '';
  const isIt = async (): Promise<boolean> => {
    const ran = await world.run(['inspect']);
    output = ran.output;
    return ran.code === code;
  };
  assert.ok(await waitUntil(isIt, { limitMs: 15_000, everyMs: 100 }), output);
  return output;
};

test('shows who owns what since when, how far it is, and that nothing needs attention', async () => {
  const output = await untilCode(0);
  assert.match(output, /appendfsync always, maxmemory-policy noeviction/);
  assert.match(output, /MySQL {2}4 partitions/);
  assert.match(output, /projector +holds +heard of/);
  assert.match(
    output,
    /^ +2 {2}\S+ +\d+ (?:ms|s|min) ago +\d+ {2}the owner, \d+ ms +2 {2}\d+-\d+ +0 {2}- +0$/m,
  );
  assert.match(output, /nothing needs attention/);
});

test('one partition in full, and the same as a document', async () => {
  const { output } = await world.run(['inspect', '--partition', '2']);
  assert.match(output, /^lease held by {10}\S+-\d+-\d+$/m);
  assert.match(output, /^position {15}2$/m);
  const document = await world.json(['inspect', '--partition', '2']);
  const [look] = parsePartitions(document['partitions']);
  assert.equal([look?.partition, look?.standing.position, look?.stream.length], [2, 2, 2]);
  assert.equal(document['warnings'], []);
});

interface PartitionState {
  readonly partition: number;
  readonly standing: { readonly position: number };
  readonly stream: { readonly length: number };
}

const parsePartitions = (value: unknown): readonly PartitionState[] => value as readonly PartitionState[];

test('settings that do not keep what a 202 promises are warned of', async () => {
  await redis.config('SET', 'appendfsync', 'everysec');
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const output = await untilCode(3);
  assert.match(output, /! Redis has appendfsync everysec: a power cut loses/);
  assert.match(output, /! Redis has maxmemory-policy allkeys-lru/);
  await redis.config('SET', 'appendfsync', 'always');
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  await untilCode(0);
});

test('an entry that is parked needs attention; so does a partition nobody works, and what waits there', async () => {
  await redis.xadd(keysOf(1).requests, '*', 'v', '1', 'r', 'not JSON');
  assert.match(await untilCode(3), /! entries are parked: onsale parked: partition 1\n/);
  await world.stopProjector();
  await redis.xadd(keysOf(3).requests, `${Date.now() - 20_000}-0`, 'v', '1', 'r', 'not JSON');
  const output = await untilCode(3);
  assert.match(output, /! no projector is alive/);
  assert.match(output, /! the oldest undecided entry has waited for more than 10 s: partition 3\n/);
  assert.match(output, /^ +3 .* 1 {2}\d+ s +0$/m);
  await world.startProjector();
});

test('asked wrongly: one line, and 2', async () => {
  for (const args of [['--nonsense'], ['--partition', 'x'], ['--partition'], ['extra']]) {
    const { code, output } = await world.run(['inspect', ...args]);
    assert.is(code, 2, args.join(' '));
    assert.match(output, /^onsale inspect: [^\n]+\n$/);
  }
  assert.is((await world.run(['inspect'], { ONSALE_TYPO: '1' })).code, 2);
  const absent = await world.run(['inspect', '--partition', '99']);
  assert.equal([absent.code, absent.output], [1, 'onsale inspect: there is no partition 99\n']);
});

test('without MySQL it shows what Redis knows, says so, and ends', async () => {
  const DATABASE_URL = `mysql://nobody@127.0.0.1:${await freePort()}/none`;
  const { code, output } = await world.run(['inspect'], { DATABASE_URL });
  assert.is(code, 1);
  assert.match(output, /MySQL {2}AWAY: cannot use the database/);
  assert.match(output, /^ +2 {2}- .*, \d+ ms/m);
});

test('without Redis it shows what MySQL knows, says so, and ends', async () => {
  const { code, output } = await world.run(['inspect'], {
    REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
  });
  assert.is(code, 1);
  assert.match(output, /Redis {2}AWAY: cannot use Redis/);
  assert.match(output, /^ +2 {2}\S+-\d+-\d+ .* \? .* 2 {2}\d+-\d+ {2}\? /m);
});

test('servers that accept a connection and never say a word do not keep it', async () => {
  const silent = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const at = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const began = performance.now();
  const { code, output } = await world.run(['inspect'], {
    REDIS_URL: `redis://${at}`,
    DATABASE_URL: `mysql://nobody@${at}/none`,
  });
  assert.is(code, 1);
  assert.match(output, /Redis {2}AWAY[\s\S]*MySQL {2}AWAY/);
  assert.ok(performance.now() - began < 15_000 * patience());
  silent.close();
});
