import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findProgram } from '../../infra/local/find-program.ts';
import { startMariadb } from '../../infra/local/private-mariadb.ts';
import { startRedis } from '../../infra/local/private-redis.ts';
import type { PrivateServerOptions, Server } from '../../infra/local/server-process.ts';
import { MARIADB_TEST_SETTINGS } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('private servers', { timeoutMs: 60_000 });

const newDir = (): string => mkdtempSync(join(process.env['ONSALE_TEST_DIR'] ?? tmpdir(), 'onsale-private-'));

interface Squatter {
  /**
   * Precedes PATH. Its directory has a server program that loses its port to another program the first time.
   */
  readonly path: string;
  readonly takenPort: () => number | undefined;
  readonly end: () => void;
}

/**
 * Takes the port that the server is about to listen on and writes it down; `command` is run with it and keeps
 * running.
 */
const squat = (note: string, command: readonly string[]): string => `
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
const args = process.argv.slice(2).join(' ');
const [, port] = /--port[ =](\\d+)/.exec(args) ?? [];
if (port === undefined || existsSync(${JSON.stringify(note)})) process.exit();
const command = ${JSON.stringify(command)}.map((word) => word.replace('PORT', port));
const { pid } = spawn(command[0], command.slice(1), { detached: true, stdio: 'ignore' });
writeFileSync(${JSON.stringify(note)}, JSON.stringify({ pid, port: Number(port) }));
const look = () =>
  connect(Number(port), '127.0.0.1').once('connect', () => process.exit()).once('error', () => setTimeout(look, 20));
look();
`;

const newSquatter = (
  programs: readonly string[],
  commandOf: (real: string) => readonly string[],
): Squatter => {
  const real = findProgram(...programs);
  if (real === undefined) throw new Error(`none of ${programs.join(', ')} is installed`);
  const dir = newDir();
  const path = join(dir, 'bin');
  const note = join(dir, 'squatter.json');
  const script = join(dir, 'squat.mjs');
  mkdirSync(path);
  // MariaDB looks for its own files here.
  symlinkSync(join(dirname(dirname(realpathSync(real))), 'share'), join(dir, 'share'));
  writeFileSync(script, squat(note, commandOf(real)));
  const program = join(path, programs[0] ?? '');
  writeFileSync(program, `#!/bin/sh\n"${process.execPath}" "${script}" "$@"\nexec "${real}" "$@"\n`);
  chmodSync(program, 0o755);
  const noted = (): { readonly pid: number; readonly port: number } | undefined =>
    existsSync(note) ? JSON.parse(readFileSync(note, 'utf8')) : undefined;
  return {
    path,
    takenPort: () => noted()?.port,
    end: () => {
      const pid = noted()?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    },
  };
};

const startBehind = async (
  squatter: Squatter,
  start: (options: PrivateServerOptions) => Promise<Server>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> => {
  const { PATH = '' } = process.env;
  process.env['PATH'] = `${squatter.path}${delimiter}${PATH}`;
  try {
    return await start({ dir: newDir(), settings });
  } finally {
    process.env['PATH'] = PATH;
  }
};

const anyListener =
  "require('node:net').createServer((socket) => socket.on('error', () => {})).listen(PORT, '127.0.0.1')";

test('another Redis takes the port before ours listens: it is not taken for ours, which gets another port', async () => {
  const squatter = newSquatter(['redis-server', 'valkey-server'], (real) => [
    real,
    '--port',
    'PORT',
    '--bind',
    '127.0.0.1',
    '--save',
    '',
  ]);
  try {
    const server = await startBehind(squatter, startRedis);
    assert.ok(squatter.takenPort());
    assert.not.equal(server.port, squatter.takenPort());
    await server.stop();
  } finally {
    squatter.end();
  }
});

test('another program takes the port before MariaDB listens: it gets another port', async () => {
  const squatter = newSquatter(['mariadbd', 'mysqld'], () => [process.execPath, '-e', anyListener]);
  try {
    const server = await startBehind(squatter, startMariadb, MARIADB_TEST_SETTINGS);
    assert.ok(squatter.takenPort());
    assert.not.equal(server.port, squatter.takenPort());
    await server.stop();
  } finally {
    squatter.end();
  }
});

test('one that has to come back on its port says that another program has it', async () => {
  const dir = newDir();
  const first = await startRedis({ dir });
  await first.stop();
  const other = await startRedis({ dir: newDir(), port: first.port });
  const outcome = await startRedis({ dir, port: first.port }).catch(String);
  await other.stop();
  assert.match(String(outcome), `another program has taken its port ${first.port}`);
});
