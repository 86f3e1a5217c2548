import { createServer } from 'node:net';

/** Below every system's range for outgoing connections: none of those takes the port before its owner listens. */
const PORTS_FROM = 10_000;
const BLOCKS = 200;
const PORTS_OF_BLOCK = 100;

let given = 0;

/**
 * A TCP port nobody listens on right now. Each process walks through a block of its own, so that two that start
 * servers at once do not choose the same one; an error when the whole block is taken.
 */
export const freePort = async (host = '127.0.0.1'): Promise<number> => {
  const block = PORTS_FROM + (process.pid % BLOCKS) * PORTS_OF_BLOCK;
  for (let tried = 0; tried < PORTS_OF_BLOCK; tried++) {
    const port = block + (given++ % PORTS_OF_BLOCK);
    if (await isPortFree(port, host)) return port;
  }
  throw new Error(`every port from ${block} to ${block + PORTS_OF_BLOCK - 1} is taken`);
};

/** Whether a listener could bind host:port; the system's own answer is more certain than trying to connect. */
export const isPortFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
