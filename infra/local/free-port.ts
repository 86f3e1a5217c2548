import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below every system's range for outgoing connections, so that none of those takes the port before its owner
 * listens on it.
 */
const PORTS_FROM = 10_000;
const PORTS = 20_000;
/** The distance between the first ports that two processes with consecutive pids try. */
const STRIDE = 100;

let given = 0;

/**
 * A TCP port of 127.0.0.1 on which no process listens, and which this function has given to no other living
 * process: the server that will use it listens only seconds later. Throws when every port is taken.
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
 * Calls `start` with so many free ports. Another program may take one before `start` listens on it. So when
 * `start` fails and one of them is taken, it is called again with other ports.
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

/** Calls `start` with the chosen port, or with a free one when none is chosen. */
export const onPort = <T>(chosen: number | undefined, start: (port: number) => Promise<T>): Promise<T> =>
  chosen === undefined ? onFreePorts(1, ([port = 0]) => start(port)) : start(chosen);

/**
 * Keeps `freePort` of this and every other process from returning the port until this process ends. The claim
 * is a UDP socket with the same number, which the system closes however the process ends. False: already
 * claimed.
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

/** Whether a listener could bind host:port. Binding it is more certain than trying to connect. */
export const isPortFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
