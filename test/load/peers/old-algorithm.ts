import { insertTicket, type Peer, type PeerOptions, ticketOf } from './peer.ts';

const count = 'peer:old:count';

/**
 * The algorithm of the server from which this project descends, ported unchanged: read the count, compare,
 * insert, write the count plus n. Every step is atomic but the sequence is not, so all requests that read the
 * same count find room.
 */
export const oldAlgorithm = async ({ redis, database, capacity }: PeerOptions): Promise<Peer> => {
  await redis.set(count, 0, 'NX');
  return {
    buy: async (order) => {
      const sold = Number(await redis.get(count));
      if (sold + order.quantity > capacity) return 'sold-out';
      await database.execute(insertTicket, ticketOf(order));
      await redis.set(count, sold + order.quantity);
      return 'sold';
    },
    close: async () => {
      await redis.del(count);
    },
  };
};
