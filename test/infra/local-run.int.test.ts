import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../infra/local/free-port.ts';
import { commandLine } from '../../infra/local/process-identity.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { assert, suite } from '../support/suite.ts';
import { type LaunchedProgram, launch, newStateDir, pidIn, roleLines } from './launched.ts';

const test = suite('npm start', { timeoutMs: 60_000 });

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

const isGone = (pid: number): Promise<boolean> =>
  waitUntil(() => commandLine(pid) === '', { limitMs: 15_000 });

const stop = async ({ child, ended }: LaunchedProgram): Promise<number | null> => {
  child.kill('SIGTERM');
  return ended;
};

const givenDatabase = { DATABASE_URL: process.env['ONSALE_TEST_DATABASE_URL'] };

interface RunningSystem {
  readonly stateDir: string;
  readonly port: number;
  readonly run: LaunchedProgram;
}

const up = async (stateDir = newStateDir(), env: NodeJS.ProcessEnv = {}): Promise<RunningSystem> => {
  const port = await freePort();
  const run = launch(stateDir, { PORT: String(port), ...env });
  await run.says('onsale is ready');
  return { stateDir, port, run };
};

/** Uses the test run's MariaDB where no private one is needed, because it starts sooner. */
const upWithDatabase = (): Promise<RunningSystem> => up(newStateDir(), givenDatabase);

test('it migrates, runs each role as its own user, opens a sample show and prints three commands to paste', async () => {
  const { stateDir, port, run } = await up();
  assert.match(run.output(), `curl -s -X POST http://127.0.0.1:${port}/v1/reservations `);
  assert.match(run.output(), '"showId":"a-show","lines":[{"poolId":"standing","quantity":3}]');
  assert.match(run.output(), `curl -s http://127.0.0.1:${port}/v1/shows/a-show\n`);
  assert.match(run.output(), `try http://127.0.0.1:${port}/docs and http://127.0.0.1:${port}/traces;`);
  assert.match(run.output(), '[projector] listening on ');
  assert.is(roleLines(stateDir)[0], 'migrate: done');
  const users = roleLines(stateDir).filter((line) => line.includes('connects as'));
  assert.equal(users.toSorted(), [
    'migrate: connects as  and onsale-migrate',
    'serve command query: connects as onsale-api and onsale-api',
    'serve projector: connects as onsale-projector and onsale-projector',
  ]);
  assert.is(await stop(run), 0);
});

test('SIGTERM stops the roles before the servers, and nothing is left running', async () => {
  const { stateDir, run } = await up();
  const pids = [
    'redis/server.pid',
    'mariadb/server.pid',
    'roles/command-query.pid',
    'roles/projector.pid',
  ].map((file) => pidIn(stateDir, file));
  assert.is(await stop(run), 0);
  assert.equal(roleLines(stateDir).slice(-2).toSorted(), [
    'serve command query: SIGTERM, Redis up',
    'serve projector: SIGTERM, Redis up',
  ]);
  assert.equal(pids.map(commandLine), ['', '', '', '']);
});

test('a role that dies is started again, and the console says so', async () => {
  const { stateDir, run } = await upWithDatabase();
  const pid = pidIn(stateDir, 'roles/projector.pid');
  process.kill(pid, 'SIGKILL');
  await run.says(`projector (pid ${pid}) died`);
  await run.says('projector is running again');
  assert.is(await stop(run), 0);
});

test('a server that dies comes back on the same port, and the console says so', async () => {
  const { stateDir, run } = await upWithDatabase();
  process.kill(pidIn(stateDir, 'redis/server.pid'), 'SIGKILL');
  await run.says('Redis is running again');
  assert.is(await stop(run), 0);
  assert.ok(roleLines(stateDir).includes('serve projector: SIGTERM, Redis up'));
});

test('a server that was given is used instead of a private one', async () => {
  const { stateDir, run } = await upWithDatabase();
  assert.ok(existsSync(join(stateDir, 'redis')));
  assert.not.ok(existsSync(join(stateDir, 'mariadb')));
  assert.is(await stop(run), 0);
});

test('started twice, the second one says who runs and where', async () => {
  const { stateDir, port, run } = await upWithDatabase();
  const second = launch(stateDir, { PORT: String(await freePort()) });
  assert.is(await second.ended, 1);
  assert.match(second.output(), `already running at http://127.0.0.1:${port} (pid ${run.child.pid})`);
  assert.is(await stop(run), 0);
});

test('a taken port is said before anything is started', async () => {
  const stateDir = newStateDir();
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const run = launch(stateDir, { PORT: String(port) });
  const code = await run.ended;
  other.close();
  assert.is(code, 1);
  assert.match(run.output(), `Port ${port} on 127.0.0.1 is taken`);
  assert.not.ok(existsSync(join(stateDir, 'redis')));
});

test('a port that browsers and fetch refuse to ask is said before anything is started', async () => {
  const stateDir = newStateDir();
  const run = launch(stateDir, { PORT: '4190' });
  assert.is(await run.ended, 1);
  assert.match(run.output(), 'Port 4190 is one that browsers and fetch refuse to ask');
  assert.match(run.output(), 'choose another: PORT=4191 npm start');
  assert.not.ok(existsSync(join(stateDir, 'redis')));
});

test('a page that is not shown there is not named', async () => {
  const { port, run } = await up(newStateDir(), { ...givenDatabase, FAKE_HIDES_TRACES: 'yes' });
  assert.match(run.output(), `try http://127.0.0.1:${port}/docs;`);
  assert.is(await stop(run), 0);
});

test('a port of the roles that another program takes meanwhile: they start on others', async () => {
  const stateDir = newStateDir();
  const squatter = join(stateDir, 'squatter');
  const env = { FAKE_SQUATTED: 'projector', FAKE_SQUATTER: squatter, ...givenDatabase };
  const { run } = await up(stateDir, env);
  const taken = readFileSync(squatter, 'utf8');
  assert.match(run.output(), `projector] Error: OPS_PORT=${taken} is taken`);
  const listens = [...run.output().matchAll(/projector\] listening on (\d+)/g)].map(([, port]) => port);
  assert.not.equal(listens.at(-1), taken);
  assert.is(await stop(run), 0);
  rmSync(squatter);
});

if (hasIpv6)
  test('HOST=::1: everything is reached where it listens, and addresses are printed in brackets', async () => {
    const { port, run } = await up(newStateDir(), { ...givenDatabase, HOST: '::1' });
    assert.match(run.output(), `onsale is ready at http://[::1]:${port} `);
    assert.match(run.output(), `curl -s 'http://[::1]:${port}/v1/shows/a-show'`);
    assert.is(await stop(run), 0);
  });

test('after kill -9 the roles end by themselves, and the next start takes over servers, keys and port', async () => {
  const first = await up();
  const pids = ['roles/command-query.pid', 'roles/projector.pid'].map((file) => pidIn(first.stateDir, file));
  const server = pidIn(first.stateDir, 'redis/server.pid');
  first.run.child.kill('SIGKILL');
  assert.equal(await Promise.all(pids.map(isGone)), [true, true]);
  assert.not.equal(commandLine(server), '');
  const again = await up(first.stateDir);
  assert.match(again.run.output(), 'had left running');
  assert.ok(await isGone(server));
  const keys = roleLines(first.stateDir).flatMap((line) => line.split('started with keys ')[1] ?? []);
  assert.is(keys.length, 4);
  assert.is(new Set(keys).size, 1);
  assert.is(await stop(again.run), 0);
});

test('a role that cannot start ends the whole start, servers included', async () => {
  const stateDir = newStateDir();
  const run = launch(stateDir, {
    PORT: String(await freePort()),
    FAKE_REFUSES: 'projector',
    ...givenDatabase,
  });
  assert.is(await run.ended, 1);
  assert.match(run.output(), 'projector] Error: refused to start');
  assert.match(run.output(), 'projector ended while starting, see above');
  assert.not.ok(existsSync(join(stateDir, 'redis/server.pid')));
  assert.not.ok(existsSync(join(stateDir, 'start.lock')));
});

test('Ctrl-C while it is still starting leaves nothing behind and is no failure', async () => {
  const stateDir = newStateDir();
  const run = launch(stateDir, { PORT: String(await freePort()) });
  await run.says('Starting servers');
  run.child.kill('SIGINT');
  assert.is(await run.ended, 0);
  assert.not.ok(existsSync(join(stateDir, 'mariadb/server.pid')));
});

test('a second Ctrl-C kills what does not stop', async () => {
  const stateDir = newStateDir();
  const run = launch(stateDir, { PORT: String(await freePort()), FAKE_STAYS: 'projector' });
  await run.says('onsale is ready');
  const pids = ['mariadb/server.pid', 'roles/projector.pid'].map((file) => pidIn(stateDir, file));
  run.child.kill('SIGINT');
  await run.says('Stopping');
  // Two signals close together count as one key press, so it takes more than the next one.
  const isOver = (): boolean => run.child.exitCode !== null || !run.child.kill('SIGINT');
  assert.ok(await waitUntil(isOver, { limitMs: 5_000 }));
  assert.is(await run.ended, 1);
  assert.equal(await Promise.all(pids.map(isGone)), [true, true]);
});
