import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { keysOf } from '../../src/log/keys.ts';
import { openShow } from '../support/client.ts';
import { openRedis } from '../support/open-redis.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('many waiting clients', { timeoutMs: 90_000 });

const clients = 10_000;
const partition = 5;
/** The longest wait that a client may request. */
const waitSeconds = 30;
/**
 * Node's own HTTP parser takes 4 kB more per connection in version 24 than in 20, and an idle process 15 MB
 * more.
 */
const memoryMaxMiB = Number.parseInt(process.versions.node, 10) < 22 ? 300 : 360;

let running: RunningSystem;
const sockets: Socket[] = [];

test.before(async () => {
  running = await startRunning();
});

test.after(async () => {
  for (const socket of sockets) socket.destroy();
  await running.stop();
});

const memoryMiB = (pid: number): number => {
  const status = `/proc/${pid}/status`;
  const kib = existsSync(status)
    ? /VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kib) / 1_024;
};

interface Answer {
  readonly status: string;
  readonly tookMs: number;
}

/** One bare connection per client: ten thousand fetches would measure the client. */
const ask = (n: number, showId: string, answered: (answer: Answer) => void): void => {
  const askedMs = performance.now();
  const { hostname, port } = new URL(running.api);
  const body = JSON.stringify({ showId, lines: [{ poolId: 'stalls', quantity: 1 }] });
  const headers = `host: x\r\nx-customer-id: c${n}\r\nprefer: wait=${waitSeconds}\r\ncontent-type: application/json`;
  const socket = connect(Number(port), hostname);
  const answer = (status: string): void => answered({ status, tookMs: performance.now() - askedMs });
  socket.on('data', (chunk) => answer(chunk.toString('latin1', 9, 12)));
  socket.on('error', (error) => answer(error.message));
  socket.write(
    `POST /v1/reservations HTTP/1.1\r\n${headers}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  sockets.push(socket);
};

/** A machine that takes half a minute to accept all clients has answered the first ones with 202 by then. */
const isOver = (status: string, tookMs: number): boolean => status === '202' && tookMs >= waitSeconds * 1_000;

test(`10,000 clients wait on one API process within ${memoryMaxMiB} MB, and each is answered`, async () => {
  const showId = await openShow(running.api, { stalls: clients }, { partition });
  await running.stopProjector();
  const answers: Answer[] = [];
  const redis = await openRedis(running.backends.redis.url);
  const onStream = (): Promise<number> => redis.xlen(keysOf(partition).requests);
  try {
    // In groups, because a listener's queue of new connections is short.
    for (let n = 0; n < clients; n += 500) {
      for (let each = n; each < n + 500; each++) ask(each, showId, (answer) => answers.push(answer));
      const arrived = async (): Promise<boolean> => (await onStream()) > n + 500;
      assert.ok(await waitUntil(arrived, { limitMs: 20_000 }), JSON.stringify(answers.slice(0, 3)));
    }
  } finally {
    redis.disconnect();
  }
  assert.ok(memoryMiB(running.apiPid) < memoryMaxMiB, `${memoryMiB(running.apiPid)} MiB while waiting`);
  await running.startProjector();
  assert.ok(
    await waitUntil(() => answers.length >= clients, { limitMs: 25_000 }),
    `${answers.length} answered`,
  );
  const early = answers.filter(({ status, tookMs }) => status !== '201' && !isOver(status, tookMs));
  assert.equal(early.slice(0, 3), [], `${early.length} without their decision`);
  assert.ok(memoryMiB(running.apiPid) < memoryMaxMiB, `${memoryMiB(running.apiPid)} MiB after answering`);
});
