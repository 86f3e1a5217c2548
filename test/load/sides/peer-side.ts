import type { ChildProcess } from 'node:child_process';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { freePort } from '../../../infra/local/free-port.ts';
import { endChild, nextMessage, startChild } from '../node-child.ts';
import { type PeerId, peerEntries } from '../peers/catalogue.ts';
import { createTickets, soldTickets } from '../peers/peer.ts';
import type { RunningSide, Side, SideOptions } from './side.ts';

const anyShow = '01941f29-7000-8003-8123-456789abcdef';

/** A peer: one process for HTTP, and one for its worker if it has one. */
export const peerSide = (id: PeerId): Side => ({
  id,
  name: peerEntries[id].name,
  start: async (options) => {
    const database = createPool({ uri: options.databaseUrl, connectionLimit: 1 });
    await createTickets(database, options.capacity);
    const port = await freePort();
    let children = await startProcesses(id, port, options);
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      await Promise.all(Object.values(children).map((child) => endChild(child, signal)));
    };
    return {
      target: targetOn(port),
      pids: () => Object.fromEntries(Object.entries(children).map(([role, { pid = 0 }]) => [role, pid])),
      ...looksInto(database),
      crash: () => end('SIGKILL'),
      recover: async () => {
        children = await startProcesses(id, port, options);
      },
      stop: async () => {
        await end('SIGTERM');
        await database.end();
      },
    };
  },
});

const targetOn = (port: number) => ({
  url: `http://127.0.0.1:${port}/v1/reservations`,
  headers: { 'x-customer-id': 'bench' },
  body: { showId: anyShow, lines: [{ poolId: 'stalls', quantity: 1 }] },
});

const startProcesses = async (
  id: PeerId,
  port: number,
  { redisUrl, databaseUrl, capacity }: SideOptions,
): Promise<Readonly<Record<string, ChildProcess>>> => {
  const env = {
    PORT: String(port),
    REDIS_URL: redisUrl,
    DATABASE_URL: databaseUrl,
    CAPACITY: String(capacity),
  };
  const roles = peerEntries[id].openWorker ? ['worker', 'api'] : ['api'];
  const started = roles.map(async (role) => {
    const child = startChild({ file: './peers/serve.ts', args: [id, role], env });
    await nextMessage(child);
    return [role, child] as const;
  });
  return Object.fromEntries(await Promise.all(started));
};

const looksInto = (database: Pool): Pick<RunningSide, 'decided' | 'sold'> => ({
  decided: async () => {
    const [rows] = await database.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM tickets');
    return Number(rows[0]?.['n']);
  },
  sold: async () => {
    const [rows] = await database.query<RowDataPacket[]>('SELECT reference FROM tickets');
    return { places: await soldTickets(database), references: rows.map((row) => String(row['reference'])) };
  },
});
