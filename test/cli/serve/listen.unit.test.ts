import { once } from 'node:events';
import { createServer } from 'node:net';
import fastify from 'fastify';
import { freePort } from '../../../infra/local/free-port.ts';
import { type ListenAddress, listenOn } from '../../../src/cli/serve/listen.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('listening');

const place = (host: string, port: number, more: Partial<ListenAddress> = {}): ListenAddress => ({
  host,
  port,
  hostVariable: 'OPS_HOST',
  portVariable: 'OPS_PORT',
  ...more,
});

const faultOf = async (where: ListenAddress): Promise<string> => {
  const app = fastify();
  try {
    await listenOn(app, where);
    return 'it listens';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  } finally {
    await app.close();
  }
};

/** A server whose system refuses to listen on some hosts. */
const refusing = (codes: Readonly<Record<string, string>>) => {
  const asked: string[] = [];
  return {
    asked,
    listen: async ({ host }: { readonly host: string }): Promise<void> => {
      asked.push(host);
      if (codes[host] !== undefined) throw Object.assign(new Error('no'), { code: codes[host] });
    },
    server: { address: () => ({ port: 7 }) },
  };
};

test('a taken port is said with its setting, the address and what to do', async () => {
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const whenTaken = 'each process of a host needs an OPS_PORT of its own';
  const faults = [
    await faultOf(place('127.0.0.1', port)),
    await faultOf(place('127.0.0.1', port, { whenTaken })),
  ];
  other.close();
  assert.equal(faults, [
    `OPS_PORT=${port} is taken on 127.0.0.1: stop what listens there, or set another port (OPS_PORT=0 lets the system choose)`,
    `OPS_PORT=${port} is taken on 127.0.0.1: ${whenTaken} (OPS_PORT=0 lets the system choose)`,
  ]);
});

test('an address that is none of this machine is said with its setting', async () => {
  // Addresses for documentation (RFC 5737, RFC 3849), which no machine has.
  for (const host of ['203.0.113.1', '2001:db8::1'])
    assert.match(await faultOf(place(host, 0)), `OPS_HOST=${host} is`);
});

test('whatever the system refuses names the setting that is to be changed', async () => {
  const told: readonly (readonly [code: string, text: string])[] = [
    ['EACCES', 'OPS_PORT=80 may not be listened on by this user'],
    ['ENOTFOUND', 'OPS_HOST=api is a name that leads to no address'],
    ['EAI_AGAIN', 'OPS_HOST=api is a name that leads to no address'],
    ['EAFNOSUPPORT', 'OPS_HOST=api is an address of IPv6, which this machine does not have'],
    ['EIO', 'cannot listen on OPS_HOST=api, OPS_PORT=80: no'],
  ];
  for (const [code, text] of told) {
    const failure = await listenOn(refusing({ api: code }), place('api', 80)).catch(String);
    assert.match(String(failure), text);
  }
});

test('where the system chooses, the port that it chose is told', async () => {
  const app = fastify();
  const port = await listenOn(app, place('127.0.0.1', 0));
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  assert.is(answer.status, 404);
  await app.close();
});

test(':: on a machine without IPv6 is every address of IPv4', async () => {
  for (const code of ['EAFNOSUPPORT', 'EADDRNOTAVAIL']) {
    const server = refusing({ '::': code });
    assert.is(await listenOn(server, place('::', 7)), 7);
    assert.equal(server.asked, ['::', '0.0.0.0']);
  }
  const taken = refusing({ '::': 'EADDRINUSE' });
  assert.match(String(await listenOn(taken, place('::', 7)).catch(String)), 'OPS_PORT=7 is taken on ::');
  assert.equal(taken.asked, ['::']);
});
