import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../infra/local/free-port.ts';
import { paths } from '../../infra/local/paths.ts';
import { commandLine, signal } from '../../infra/local/process-identity.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { call, reserve } from '../support/client.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('npm start', { timeoutMs: 90_000 });

const limitMs = 45_000;
const pidFiles = [
  'redis/server.pid',
  'mariadb/server.pid',
  'roles/command-query.pid',
  'roles/projector.pid',
] as const;

/** A separate checkout, because `npm start` may be running in this one already. */
const checkout = mkdtempSync(join(process.env['ONSALE_TEST_DIR'] ?? tmpdir(), 'onsale-checkout-'));

test.before(() => {
  const files = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const name of [...files, 'infra', 'src', 'dist'])
    cpSync(join(paths.root, name), join(checkout, name), { recursive: true });
  symlinkSync(join(paths.root, 'node_modules'), join(checkout, 'node_modules'));
});

test.after(() => {
  for (const pid of pidsOfRun()) signal(pid, 'SIGKILL');
  rmSync(checkout, { recursive: true, force: true, maxRetries: 10 });
});

const pidIn = (file: string): number | undefined => {
  const path = join(checkout, '.onsale', file);
  if (!existsSync(path)) return undefined;
  const { pid }: { readonly pid: number } = JSON.parse(readFileSync(path, 'utf8'));
  return pid;
};

const pidsOfRun = (): readonly number[] => pidFiles.flatMap((file) => pidIn(file) ?? []);

interface StartedRun {
  readonly output: () => string;
  /**
   * Sends Ctrl-C as a terminal does: to npm and everything it runs in the foreground. Resolves when all of it
   * has ended.
   */
  readonly interrupt: () => Promise<void>;
  /** npm's exit code, once no process of the run can print any more. */
  readonly ended: Promise<number | null>;
}

const started: ChildProcess[] = [];
test.after(() => {
  for (const { pid, exitCode } of started)
    if (pid !== undefined && exitCode === null) signal(-pid, 'SIGKILL');
});

const npmStart = (port: number): StartedRun => {
  const { PATH, HOME } = process.env;
  const child = spawn('npm', ['start'], {
    cwd: checkout,
    env: { PATH, HOME, PORT: String(port) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    output: () => output,
    interrupt: async () => {
      if (child.pid !== undefined) signal(-child.pid, 'SIGINT');
      await ended;
      // npm itself is killed by the signal, so its exit code says nothing.
      assert.match(output, 'Stopped; the data stays in .onsale/');
    },
    ended,
  };
};

const untilReady = async (run: StartedRun): Promise<void> => {
  const isReady = await waitUntil(() => run.output().includes('onsale is ready'), { limitMs });
  assert.ok(isReady, run.output());
};

const soldPlaces = async (address: string): Promise<number> => {
  const { body } = await call(`${address}/v1/shows`);
  const [show] = Array.isArray(body['data']) ? body['data'] : [];
  assert.is(show?.name, 'Sample show');
  return Number(show.pools[0].confirmed);
};

/** Runs the first printed curl line as if a user had pasted it. */
const pasteFirstCurl = async (output: string): Promise<string> => {
  const [line = ''] = /curl -s -X POST .*/.exec(output) ?? [];
  const child = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'ignore'] });
  let answer = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return answer;
};

test('the sample show can be booked by pasting, Ctrl-C stops all of it, and the data is there next time', async () => {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const first = npmStart(port);
  await untilReady(first);
  assert.match(await pasteFirstCurl(first.output()), '"status":"confirmed"');
  assert.is(await soldPlaces(address), 3);
  const pids = pidsOfRun();
  assert.is(pids.length, pidFiles.length);

  const second = npmStart(await freePort());
  assert.is(await second.ended, 1);
  assert.match(second.output(), `onsale is already running at ${address}`);

  await first.interrupt();
  assert.equal(pids.map(commandLine), ['', '', '', '']);

  const third = npmStart(port);
  await untilReady(third);
  assert.is(await soldPlaces(address), 3);
  await third.interrupt();
});

test('after kill -9 of the supervisor the next start recovers, with everything that was accepted', async () => {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const first = npmStart(port);
  await untilReady(first);
  const shows = await call(`${address}/v1/shows`);
  const [showId = ''] = /[0-9a-f-]{36}/.exec(JSON.stringify(shows.body)) ?? [];
  const sold = await soldPlaces(address);
  const wish = { customer: 'ann', showId, poolId: 'standing', quantity: 2, wait: 30 };
  assert.is((await reserve(address, wish)).status, 201);
  const supervisor = pidIn('start.lock');
  assert.ok(supervisor !== undefined && signal(supervisor, 'SIGKILL'));
  await first.ended;
  const again = npmStart(port);
  await untilReady(again);
  assert.match(again.output(), 'had left running');
  assert.is(await soldPlaces(address), sold + 2);
  await again.interrupt();
  assert.equal(pidsOfRun(), []);
});
