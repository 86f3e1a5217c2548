import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { keysOf } from '../../src/log/keys.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { type Answer, call, openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { openRedis } from '../support/open-redis.ts';
import { isProblem } from '../support/problem.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a process whose clock jumps after its start', { timeoutMs: 60_000 });

const hourMs = 3_600_000;

let backends: Backends;
let projector: Onsale;
let api: Onsale;
let folder: string;

/** From now on the API's clock is this far ahead; the API notices the change within 20 ms. */
const jump = async (aheadMs: number): Promise<void> => {
  writeFileSync(join(folder, 'clock'), String(aheadMs));
  const hasJumped = async (): Promise<boolean> =>
    Math.abs((await apiClockMs()) - Date.now() - aheadMs) < 2_000;
  assert.ok(await waitUntil(hasJumped, { limitMs: 10_000, everyMs: 50 }), 'its clock did not jump');
};

/** The API's own clock is visible in the ids that it makes. */
const apiClockMs = async (): Promise<number> => {
  const { body } = await reserve(api.url, { customer: 'clock', showId: openNow, quantity: 1 });
  return Number.parseInt(String(body['id']).replaceAll('-', '').slice(0, 12), 16);
};

let openNow = '';

const window = (opensInMs: number, closesInMs: number) => ({
  opensAt: new Date(Date.now() + opensInMs).toISOString(),
  closesAt: new Date(Date.now() + closesInMs).toISOString(),
});

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsale-clock-'));
  writeFileSync(join(folder, 'clock'), '0');
  backends = await startBackends();
  const clock = new URL('../support/wrong-clock.mjs', import.meta.url).href;
  const env = { NODE_OPTIONS: `--import=${clock}`, TEST_CLOCK_FILE: join(folder, 'clock') };
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls, env });
  projector = await startOnsale({ roles: ['projector'], ...backends.urls });
  openNow = await openShow(api.url, { stalls: 1_000 });
});

test.after(async () => {
  await Promise.all([api.stop(), projector.stop()]);
  await backends.remove();
  await rm(folder, { recursive: true });
});

const ask = (showId: string): Promise<Answer> =>
  reserve(api.url, { customer: 'alice', showId, quantity: 1, wait: 30 });

/**
 * Refused by the door itself: such a refusal names no reservation. The board appears a moment after the show.
 */
const isRefusedAtDoor = async (showId: string, code: string): Promise<void> => {
  let answer: Answer | undefined;
  const isSo = async (): Promise<boolean> => {
    answer = await ask(showId);
    isProblem(answer, 409, code);
    return answer.body['instance'] === undefined;
  };
  assert.ok(await waitUntil(isSo, { limitMs: 10_000, everyMs: 50 }), JSON.stringify(answer?.body));
};

const readiness = async (): Promise<{ readonly status: number; readonly text: string }> => {
  const answer = await fetch(`${api.opsUrl}/readyz`);
  return { status: answer.status, text: await answer.text() };
};

for (const aheadMs of [2 * hourMs, -2 * hourMs, 0]) {
  test(`a window is what it is, with a clock that is wrong by ${aheadMs / hourMs} hours`, async () => {
    const open = await openShow(api.url, { stalls: 5 }, window(-hourMs, hourMs));
    const later = await openShow(api.url, { stalls: 5 }, window(hourMs, 3 * hourMs));
    const over = await openShow(api.url, { stalls: 5 }, window(-3 * hourMs, -hourMs));
    await jump(aheadMs);
    const answer = await ask(open);
    assert.is(answer.status, 201, JSON.stringify(answer.body));
    await isRefusedAtDoor(later, 'sale-not-open');
    await isRefusedAtDoor(over, 'sale-closed');
  });
}

test('where a stream is ahead of the clock of Redis, the door lets through what the decision takes', async () => {
  const partition = 7;
  const [other, soon] = [
    await openShow(api.url, { stalls: 5 }, { partition }),
    await openShow(api.url, { stalls: 5 }, { partition, ...window(hourMs, 3 * hourMs) }),
  ];
  await isRefusedAtDoor(soon, 'sale-not-open');
  const redis = await openRedis(backends.redis.url);
  await redis.xsetid(keysOf(partition).requests, `${Date.now() + 2 * hourMs}-0`);
  redis.disconnect();
  // Whatever is decided now is decided by a clock two hours ahead.
  assert.is((await ask(other)).status, 201);
  let answer: Answer | undefined;
  const isTaken = async (): Promise<boolean> => {
    answer = await ask(soon);
    return answer.status === 201;
  };
  assert.ok(await waitUntil(isTaken, { limitMs: 10_000, everyMs: 100 }), JSON.stringify(answer?.body));
  const late = await openShow(api.url, { stalls: 5 }, { partition, ...window(hourMs, 3 * hourMs) });
  assert.is((await ask(late)).status, 201, 'its first board did not say so');
});

test('a second of difference is told and the process stays ready, a minute of it takes it out', async () => {
  const untilReadiness = async (status: number, text: RegExp): Promise<void> => {
    let seen = await readiness();
    const isSo = async (): Promise<boolean> => {
      seen = await readiness();
      return seen.status === status && text.test(seen.text);
    };
    assert.ok(await waitUntil(isSo, { limitMs: 10_000, everyMs: 50 }), JSON.stringify(seen));
  };
  await jump(0);
  await untilReadiness(200, /"status":"ok".*"clock":"ok"/);
  await jump(5_000);
  await untilReadiness(
    200,
    /"status":"degraded".*"clock":"degraded: the clock of this host is [45]\.\d s ahead of that of Redis"/,
  );
  await jump(-60_000);
  await untilReadiness(
    503,
    /"status":"not-ready".*"clock":"the clock of this host is \d+\.\d s behind that of Redis"/,
  );
  const { body } = await call(`${api.opsUrl}/metrics`);
  const told = /^onsale_clock_difference_seconds.* (-?[\d.]+)$/m.exec(String(body['text']))?.[1];
  assert.ok(Math.abs(Number(told) + 60) < 1, String(told));
  // Readiness reports it at once; the log reports it at the next check.
  const isLogged = async (): Promise<boolean> =>
    api.log.some((line) => /the clock of this host is .* that of Redis/.test(line));
  assert.ok(await waitUntil(isLogged, { limitMs: 10_000, everyMs: 50 }), api.log.join('\n'));
  await jump(0);
  await untilReadiness(200, /"status":"ok"/);
});
