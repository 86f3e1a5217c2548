import type { RowDataPacket } from 'mysql2/promise';
import { inTransaction } from './in-transaction.ts';
import { insertTicket, type Peer, type PeerOptions, ticketOf } from './peer.ts';

/**
 * The textbook design: lock the show's row by reading it, compare, insert, count. All requests wait for that
 * row.
 */
export const selectForUpdate = async ({ database }: PeerOptions): Promise<Peer> => ({
  buy: async (order) => {
    const sold = await inTransaction(database, async (connection) => {
      const [rows] = await connection.execute<RowDataPacket[]>(
        'SELECT capacity - sold AS room FROM counts WHERE id = 1 FOR UPDATE',
      );
      if (Number(rows[0]?.['room']) < order.quantity) return false;
      await connection.execute(insertTicket, ticketOf(order));
      await connection.execute('UPDATE counts SET sold = sold + ? WHERE id = 1', [order.quantity]);
      return true;
    });
    return sold ? 'sold' : 'sold-out';
  },
  close: async () => {},
});
