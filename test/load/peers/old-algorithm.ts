import { createTickets, type Peer, type PeerOptions } from './peer.ts';

const count = 'peer:old:count';

/**
 * The algorithm of the server this project descends from, ported as it was: read the count, compare, insert, write
 * the count plus n. Every step is atomic; the sequence is not, so requests that read the same count all find room.
 */
export const oldAlgorithm = async ({ redis, database, capacity }: PeerOptions): Promise<Peer> => {
  await createTickets(database);
  await redis.set(count, 0);
  return {
    name: 'read, compare, insert, write',
    buy: async (quantity) => {
      const sold = Number(await redis.get(count));
      if (sold + quantity > capacity) return false;
      await database.execute('INSERT INTO tickets (quantity) VALUES (?)', [quantity]);
      await redis.set(count, sold + quantity);
      return true;
    },
    close: async () => {
      await redis.del(count);
    },
  };
};
