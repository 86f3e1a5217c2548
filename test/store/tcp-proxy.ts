import type { Buffer } from 'node:buffer';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What the proxy does with a client's packet: pass it on, break the connection before or after the server has it, or
 * keep it and say nothing to either side until the server hangs up.
 */
export type Treatment = 'pass' | 'cut-before' | 'cut-after' | 'hold';

export interface TcpProxy {
  readonly url: string;
  /** Asked for every packet a client sends. */
  treat: (packet: Buffer) => Treatment;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** Between a store and its database, to lose what the test wants lost. */
export const startTcpProxy = async (databaseUrl: string): Promise<TcpProxy> => {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
      socket.setNoDelay(true);
    }
    let deaf = false;
    client.on('data', (packet: Buffer) => {
      const treatment = proxy.treat(packet);
      if (treatment === 'cut-before') return end();
      if (treatment === 'hold') return;
      if (treatment === 'cut-after') deaf = true;
      upstream.write(packet);
    });
    upstream.on('data', (packet: Buffer) => {
      // The server has answered, so it has done what it was asked; the client never hears of it.
      if (deaf) return end();
      client.write(packet);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const proxy: TcpProxy = {
    url: url.href,
    treat: () => 'pass',
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
};

/** Treats the first packet that holds this text, and no other. */
export const once = (text: string, treatment: Treatment): ((packet: Buffer) => Treatment) => {
  let done = false;
  return (packet) => {
    if (done || !packet.includes(text)) return 'pass';
    done = true;
    return treatment;
  };
};
