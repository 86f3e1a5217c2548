import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Pool, RowDataPacket } from 'mysql2/promise';
import { inTransaction } from './in-transaction.ts';
import { insertTicket, type Order, type Peer, type PeerOptions, ticketOf } from './peer.ts';

const key = 'peer:lock';
const ttlMs = 10_000;

/**
 * A lock in Redis around each request: SET NX PX with a token, a short random pause before each retry, and a
 * release that deletes only the own lock. Under the lock the count can simply be read, compared and written.
 */
export const lockPerRequest = async ({ redis, database }: PeerOptions): Promise<Peer> => ({
  buy: async (order) => {
    const token = randomUUID();
    await take(redis, token);
    try {
      return (await sellUnderLock(database, order)) ? 'sold' : 'sold-out';
    } finally {
      await redis.eval(releaseOwn, 1, key, token);
    }
  },
  close: async () => {},
});

// Compared and deleted in one script: between two calls the lock may expire and be taken by another client.
const releaseOwn =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";

const take = async (redis: Redis, token: string): Promise<void> => {
  while ((await redis.set(key, token, 'PX', ttlMs, 'NX')) === null) await delay(randomInt(10, 80));
};

const sellUnderLock = (database: Pool, order: Order): Promise<boolean> =>
  inTransaction(database, async (connection) => {
    const [rows] = await connection.execute<RowDataPacket[]>(
      'SELECT capacity - sold AS room FROM counts WHERE id = 1',
    );
    if (Number(rows[0]?.['room']) < order.quantity) return false;
    await connection.execute(insertTicket, ticketOf(order));
    await connection.execute('UPDATE counts SET sold = sold + ? WHERE id = 1', [order.quantity]);
    return true;
  });
