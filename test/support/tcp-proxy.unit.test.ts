import { once as onceEvent } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { assert, suite } from './suite.ts';
import { once, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const test = suite('a wire that can be broken');

interface Echo {
  readonly proxy: TcpProxy;
  readonly client: Socket;
  /** What the client has received. */
  readonly heard: () => string;
  /** What the server has received. */
  readonly asked: () => string;
}

/** A client, the proxy, and a server that returns what it receives. */
const withEcho = async (work: (echo: Echo) => Promise<void>): Promise<void> => {
  let asked = '';
  const server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (packet) => {
        asked += packet;
        socket.write(packet);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy = await startTcpProxy(`redis://127.0.0.1:${port}`);
  const client = connect(proxy.port, '127.0.0.1').setNoDelay(true);
  let heard = '';
  client
    .on('error', () => undefined)
    .on('data', (packet) => {
      heard += packet;
    });
  await onceEvent(client, 'connect');
  try {
    await work({ proxy, client, heard: () => heard, asked: () => asked });
  } finally {
    client.destroy();
    await proxy.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
};

const limitMs = 5_000;

test('packets that are late keep their order, also when the wire becomes quick again', () =>
  withEcho(async ({ proxy, client, heard }) => {
    let said = '';
    for (let n = 0; n < 2_000; n += 1) {
      proxy.delay(n < 1_900 ? 7 : 0);
      said += `${n},`;
      client.write(`${n},`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(await waitUntil(() => heard().length === said.length, { limitMs }));
    assert.is(heard(), said);
  }));

test('a reply can be lost after what was asked for was done', () =>
  withEcho(async ({ proxy, client, heard, asked }) => {
    proxy.treat = once('this', 'cut-after');
    client.write('do this');
    assert.ok(await waitUntil(() => client.destroyed, { limitMs }));
    assert.equal([asked(), heard()], ['do this', '']);
  }));

test('a request can be lost before the server has it', () =>
  withEcho(async ({ proxy, client, asked }) => {
    proxy.treat = once('this', 'cut-before');
    client.write('do this');
    assert.ok(await waitUntil(() => client.destroyed, { limitMs }));
    assert.is(asked(), '');
  }));

test('a wire that is cut breaks what is there; one that refuses breaks what is new', () =>
  withEcho(async ({ proxy, client }) => {
    proxy.refuse();
    const late = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    assert.ok(await waitUntil(() => late.destroyed || late.readyState === 'closed', { limitMs }));
    assert.not.ok(client.destroyed);
    proxy.cut();
    assert.ok(await waitUntil(() => client.destroyed, { limitMs }));
  }));
