import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askMariadb } from '../support/ask-mariadb.ts';
import { openShow, reserved } from '../support/client.ts';
import { walkFeed } from '../support/feed.ts';
import { runOnsale } from '../support/onsale.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('onsale feed', { timeoutMs: 60_000 });

let running: RunningSystem;
let dir: string;

test.before(async () => {
  running = await startRunning();
  dir = await mkdtemp(join(tmpdir(), 'onsale-feed-'));
});

test.after(async () => {
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

const parseEvent = (line: string): unknown => JSON.parse(line);

type OnOutput = Parameters<typeof runOnsale>[2];

const feed = async (args: readonly string[], onOutput?: OnOutput) => {
  const { databaseUrl } = running.backends.urls;
  const { code, output } = await runOnsale(['feed', ...args], { DATABASE_URL: databaseUrl }, onOutput);
  const lines = output.trim().split('\n');
  const next = lines.find((line) => line.startsWith('next: --after '))?.slice('next: --after '.length);
  return { code, output, next, events: lines.filter((line) => line.startsWith('{')) };
};

test('it prints what the API answers, a line each, and goes on from where it ended', async () => {
  const showId = await openShow(running.api, { stalls: 9 });
  await reserved(running.api, { customer: 'ann', showId, quantity: 1 });
  const first = await feed(['--show', showId]);
  assert.is(first.code, 0, first.output);
  const answered = await walkFeed(running.api, { showId });
  assert.equal(first.events.map(parseEvent), answered);
  assert.is(first.events.length, 2);
  const id = await reserved(running.api, { customer: 'bob', showId, quantity: 1 });
  const { events } = await feed(['--after', first.next ?? '', '--types', 'reservation.*']);
  assert.is(events.length, 1);
  assert.match(events[0] ?? '', id);
});

test('it follows until it is stopped, and a file keeps the place for the next run', async () => {
  const file = join(dir, 'place');
  const showId = await openShow(running.api, { stalls: 9 });
  const args = ['--show', showId, '--cursor-file', file, '--follow'];
  const one = await reserved(running.api, { customer: 'ann', showId, quantity: 1 });
  let isAsked = false;
  let isStopped = false;
  const followed = await feed(args, (output, child) => {
    if (!isAsked && output.includes(one)) {
      isAsked = true;
      void reserved(running.api, { customer: 'bob', showId, quantity: 1 });
    }
    if (!isStopped && output.includes('"bob"')) isStopped = child.kill('SIGINT');
  });
  assert.is(followed.code, 0, followed.output);
  assert.is(followed.events.length, 3);
  assert.is((await readFile(file, 'utf8')).trim(), followed.next);
  const three = await reserved(running.api, { customer: 'cid', showId, quantity: 1 });
  const { events } = await feed(args.slice(0, -1));
  assert.is(events.length, 1);
  assert.match(events[0] ?? '', three);
});

test('a place that is none, and one in a past that was changed, are told in one line', async () => {
  const showId = await openShow(running.api, { stalls: 9 });
  const { next = '' } = await feed(['--show', showId]);
  for (const [args, why] of [
    [['--after', 'nonsense'], /--after must be a nextCursor that this service gave, or now/],
    [['--types', 'reservation.lost'], /--types must name types of decision/],
    [['--show', 'nonsense'], /--show must be the id of a show/],
    [['--cursor-file', dir], /--cursor-file .* cannot be read/],
  ] as const) {
    const { code, output } = await feed(args);
    assert.is(code, 2, output);
    assert.match(output, why);
    assert.is(output.trim().split('\n').length, 1);
  }
  await askMariadb(
    { url: running.backends.urls.databaseUrl },
    'UPDATE journal SET decided_at_ms = decided_at_ms + 1',
  );
  const changed = await feed(['--show', showId, '--after', next]);
  assert.is(changed.code, 1, changed.output);
  assert.match(changed.output, /the database was restored/);
});
