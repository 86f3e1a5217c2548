import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { until } from '../query/update-world.ts';

/** The head of a request as it is sent, and its body. */
export const head = (line: string, headers: Readonly<Record<string, string>> = {}, body = ''): string => {
  const fields = Object.entries({ Host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${fields.join('')}\r\n${body}`;
};

/** A POST with a JSON body. */
export const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}): string => {
  const text = JSON.stringify(body);
  const about = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) };
  return head(`POST ${path}`, { ...headers, ...about }, text);
};

/** A connection that sends the bytes that the test gives it, and keeps all that it receives. */
export interface Wire {
  readonly socket: Socket;
  heard(): string;
  /** The status codes of the answers that have begun, in order. */
  statuses(): readonly number[];
  /**
   * Whether the connection closes within 5 s, from either side and in any way; one that stays open is then
   * cut off.
   */
  closes(): Promise<boolean>;
}

const portOf = async (app: FastifyInstance): Promise<number> => {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

export const openWire = async (app: FastifyInstance, bytes: string | Buffer): Promise<Wire> =>
  openWireTo(await portOf(app), bytes);

export const openWireTo = (port: number, bytes: string | Buffer): Wire => {
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  // The server may cut the connection off while the client still sends.
  socket.on('error', () => {});
  return {
    socket,
    closes: () =>
      until(() => socket.closed).then(
        () => true,
        () => {
          socket.destroy();
          return false;
        },
      ),
    heard: () => text,
    statuses: () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)),
  };
};

/** Waits until the server has no connections left. */
export const untilAllGone = async ({ server }: FastifyInstance): Promise<void> => {
  const deadline = performance.now() + 5_000;
  const connections = async (): Promise<number> =>
    await new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  for (let left = await connections(); left > 0; left = await connections()) {
    if (performance.now() > deadline) throw new Error(`${left} connections are still open`);
    await nextTurn();
  }
};
