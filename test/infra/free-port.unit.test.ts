import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { claimPort, freePort, isPortFree, onFreePorts } from '../../infra/local/free-port.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('free port');

const url = new URL('../../infra/local/free-port.ts', import.meta.url).href;

test('a port is given once, although nobody listens on it yet', async () => {
  const ports = await Promise.all(Array.from({ length: 250 }, freePort));
  assert.is(new Set(ports).size, 250);
});

test('a port that somebody claimed, or listens on, is not given', async () => {
  const before = await freePort();
  const listener = createServer().listen(before + 2, '127.0.0.1');
  await once(listener, 'listening');
  try {
    assert.is(await claimPort(before + 1), true);
    assert.is(await freePort(), before + 3);
    assert.is(await isPortFree(before + 1, '127.0.0.1'), true, 'who claimed it can listen on it');
  } finally {
    listener.close();
  }
});

test('a claim holds against other processes while its owner lives, whichever way it ends', async () => {
  const port = await freePort();
  const claimed = (await freePort()) + 1;
  const code = `import { claimPort } from '${url}';
    console.log(await claimPort(${port}), await claimPort(${claimed}));
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [answer] = await once(child.stdout, 'data');
  assert.is(String(answer).trim(), 'false true');
  assert.is(await claimPort(claimed), false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.is(await claimPort(claimed), true);
});

test('a port that another program takes before it is listened on: tried again with others', async () => {
  const others: Server[] = [];
  const tried: number[] = [];
  const port = await onFreePorts(2, async ([first = 0, second = 0]) => {
    tried.push(first);
    if (others.length === 2) return first;
    const other = createServer().listen(second, '127.0.0.1');
    await once(other, 'listening');
    others.push(other);
    throw new Error(`EADDRINUSE ${second}`);
  });
  for (const other of others) other.close();
  assert.is(new Set(tried).size, 3);
  assert.is(port, tried[2]);
});

test('what fails for another reason is not tried again', async () => {
  let tries = 0;
  const outcome = await onFreePorts(1, async () => {
    tries += 1;
    throw new Error('not installed');
  }).catch(String);
  assert.equal([tries, outcome], [1, 'Error: not installed']);
});
