import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below every system's range for outgoing connections: none of those takes the port before its owner listens. */
const PORTS_FROM = 10_000;
const PORTS = 20_000;
/** How far apart two processes with consecutive pids begin to look. */
const STRIDE = 100;

let given = 0;

/**
 * A TCP port of 127.0.0.1 nobody listens on, and that no other process was given by this function while it lives: the
 * server that is to have it listens seconds later. An error when every port is taken.
 */
export const freePort = async (): Promise<number> => {
  const first = process.pid * STRIDE;
  for (let tried = 0; tried < PORTS; tried++) {
    const port = PORTS_FROM + ((first + given++) % PORTS);
    if ((await claimPort(port)) && (await isPortFree(port, '127.0.0.1'))) return port;
  }
  throw new Error(`every port from ${PORTS_FROM} to ${PORTS_FROM + PORTS - 1} is taken`);
};

const TRIES_MAX = 5;

/**
 * What `start` makes of so many free ports. Another program may take one before `start` listens on it: when `start` fails
 * and one is taken, it is called again with others.
 */
export const onFreePorts = async <T>(
  count: number,
  start: (ports: readonly number[]) => Promise<T>,
): Promise<T> => {
  for (let tries = 1; ; tries++) {
    const ports = await Promise.all(Array.from({ length: count }, freePort));
    try {
      return await start(ports);
    } catch (error) {
      const free = await Promise.all(ports.map((port) => isPortFree(port, '127.0.0.1')));
      if (tries >= TRIES_MAX || !free.includes(false)) throw error;
    }
  }
};

/** What `start` makes of the port that was chosen, or else of a free one. */
export const onPort = <T>(chosen: number | undefined, start: (port: number) => Promise<T>): Promise<T> =>
  chosen === undefined ? onFreePorts(1, ([port = 0]) => start(port)) : start(chosen);

/**
 * Keeps `freePort` of this and every other process from giving the port, until this process ends. The claim is a
 * UDP socket of the same number: the system gives it back however the process ends. False: claimed already.
 */
export const claimPort = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const claim = createSocket('udp4');
    claim.once('error', () => resolve(false));
    claim.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      claim.unref();
      resolve(true);
    });
  });

/** Whether a listener could bind host:port; the system's own answer is more certain than trying to connect. */
export const isPortFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
