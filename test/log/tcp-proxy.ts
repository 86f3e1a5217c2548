import { connect, createServer, type Socket } from 'node:net';

/** A wire between client and server that a test can cut. */
export interface TcpProxy {
  readonly url: string;
  /** Bytes the client has sent, in pieces as they arrived. */
  readonly sent: () => readonly Buffer[];
  /** What the server answers from now on is swallowed. */
  swallowReplies(): void;
  passReplies(): void;
  /** Breaks every connection; new ones pass, unless refused. */
  cut(): void;
  /** New connections are broken at once. */
  refuse(): void;
  accept(): void;
  close(): Promise<void>;
}

export const startTcpProxy = async (port: number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  const pieces: Buffer[] = [];
  let swallowing = false;
  let refusing = false;

  const link = (client: Socket): void => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (data: Buffer) => {
      pieces.push(data);
      server.write(data);
    });
    server.on('data', (data: Buffer) => {
      if (!swallowing) client.write(data);
    });
    if (refusing) client.destroy();
  };

  const listener = createServer(link);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${address.port}`,
    sent: () => pieces,
    swallowReplies: () => {
      swallowing = true;
    },
    passReplies: () => {
      swallowing = false;
    },
    cut,
    refuse: () => {
      refusing = true;
    },
    accept: () => {
      refusing = false;
    },
    close: async () => {
      cut();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
};
