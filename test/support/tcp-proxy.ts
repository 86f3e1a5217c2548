import { connect, createServer, type Socket } from 'node:net';

/**
 * What the proxy does with a client's packet: pass it on, break the connection before or after the server has
 * received it, or keep it and send nothing to either side until the server closes the connection.
 */
export type Treatment = 'pass' | 'cut-before' | 'cut-after' | 'hold';

/** A connection between client and server that a test can cut, delay, or make lose packets. */
export interface TcpProxy {
  /** The server's URL with the proxy's address. */
  readonly url: string;
  readonly port: number;
  /** Called for every packet that a client sends. */
  treat: (packet: Buffer) => Treatment;
  readonly connections: () => number;
  /** From now on each packet is delayed by `ms` in either direction; order is kept. */
  delay(ms: number): void;
  /** From now on the server's replies are lost. Connections that lost a reply must be cut afterwards. */
  swallowReplies(): void;
  passReplies(): void;
  /**
   * On existing connections no packet passes any more, and neither side is notified, as if a host lost its
   * power. New connections work.
   */
  strand(): void;
  /** Breaks every connection; new ones work unless refused. */
  cut(): void;
  /** New connections are closed at once. */
  refuse(): void;
  accept(): void;
  /** The target of new connections from now on. */
  pointTo(port: number): void;
  close(): Promise<void>;
}

interface Wire {
  treat: TcpProxy['treat'];
  target: number;
  delayMs: number;
  swallowing: boolean;
  refusing: boolean;
  connections: number;
  /** This many of the oldest connections are stranded. */
  stranded: number;
  readonly sockets: Set<Socket>;
}

export const startTcpProxy = async (serverUrl: string): Promise<TcpProxy> => {
  const url = new URL(serverUrl);
  const wire: Wire = {
    treat: () => 'pass',
    target: Number(url.port),
    delayMs: 0,
    swallowing: false,
    refusing: false,
    connections: 0,
    stranded: 0,
    sockets: new Set(),
  };
  const listener = createServer((client) => link(client, wire));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return proxyOf(wire, {
    url: url.href.replace(/\/$/, ''),
    port: address.port,
    close: () => new Promise((resolve) => listener.close(() => resolve())),
  });
};

const proxyOf = (
  wire: Wire,
  { url, port, close }: { readonly url: string; readonly port: number; readonly close: () => Promise<void> },
): TcpProxy => {
  const cut = (): void => {
    for (const socket of wire.sockets) socket.destroy();
  };
  return {
    url,
    port,
    get treat() {
      return wire.treat;
    },
    set treat(treat) {
      wire.treat = treat;
    },
    connections: () => wire.connections,
    delay: (ms) => {
      wire.delayMs = ms;
    },
    swallowReplies: () => {
      wire.swallowing = true;
    },
    passReplies: () => {
      wire.swallowing = false;
    },
    strand: () => {
      wire.stranded = wire.connections;
    },
    cut,
    refuse: () => {
      wire.refusing = true;
    },
    accept: () => {
      wire.refusing = false;
    },
    pointTo: (target) => {
      wire.target = target;
    },
    close: async () => {
      cut();
      await close();
    },
  };
};

const link = (client: Socket, wire: Wire): void => {
  wire.connections += 1;
  const number = wire.connections;
  const isStranded = (): boolean => number <= wire.stranded;
  const server = connect(wire.target, '127.0.0.1');
  const end = (): void => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) {
    wire.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', end).on('close', () => {
      wire.sockets.delete(socket);
      if (!isStranded()) end();
    });
  }
  if (wire.refusing) end();
  const toServer = inOrder(server, wire);
  const toClient = inOrder(client, wire);
  let deaf = false;
  client.on('data', (packet: Buffer) => {
    if (isStranded()) return;
    const treatment = wire.treat(packet);
    if (treatment === 'cut-before') return end();
    if (treatment === 'hold') return;
    if (treatment === 'cut-after') deaf = true;
    toServer(packet);
  });
  server.on('data', (packet: Buffer) => {
    if (isStranded()) return;
    // The server has answered, so it has executed the request; the client never receives the answer.
    if (deaf) return end();
    if (!wire.swallowing) toClient(packet);
  });
};

/**
 * Passes packets on when they are due, in order, as TCP does. Only the first one has a timer: two timers for
 * the same moment may fire in either order.
 */
const inOrder = (socket: Socket, wire: Wire): ((packet: Buffer) => void) => {
  const waiting: { readonly packet: Buffer; readonly dueMs: number }[] = [];
  const handOn = (): void => {
    const first = waiting.shift();
    if (first !== undefined && !socket.destroyed) socket.write(first.packet);
    waitForFirst();
  };
  const waitForFirst = (): void => {
    const [first] = waiting;
    if (first !== undefined) setTimeout(handOn, first.dueMs - performance.now());
  };
  return (packet) => {
    if (wire.delayMs === 0 && waiting.length === 0) {
      socket.write(packet);
      return;
    }
    waiting.push({ packet, dueMs: performance.now() + wire.delayMs });
    if (waiting.length === 1) waitForFirst();
  };
};

/** Applies the treatment to the first packet that contains this text, and to no other. */
export const once = (text: string, treatment: Treatment): ((packet: Buffer) => Treatment) => {
  let done = false;
  return (packet) => {
    if (done || !packet.includes(text)) return 'pass';
    done = true;
    return treatment;
  };
};
