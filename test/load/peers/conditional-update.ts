import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { inTransaction } from './in-transaction.ts';
import { insertTicket, type Order, type Peer, type PeerOptions, ticketOf } from './peer.ts';

/**
 * One transaction per request, without a read before: the UPDATE itself checks whether there is room. The row
 * of the sale is inserted first, because the UPDATE locks the show's row until the commit is on disk, and
 * every other request waits for that row.
 */
export const conditionalUpdate = async ({ database }: PeerOptions): Promise<Peer> => ({
  buy: async (order) => ((await sell(database, order)) ? 'sold' : 'sold-out'),
  close: async () => {},
});

/** Whether there were enough places; if so, they are sold and on disk. */
export const sell = (database: Pool, order: Order): Promise<boolean> =>
  inTransaction(database, async (connection) => {
    await connection.execute(insertTicket, ticketOf(order));
    const [counted] = await connection.execute<ResultSetHeader>(
      'UPDATE counts SET sold = sold + ? WHERE id = 1 AND sold + ? <= capacity',
      [order.quantity, order.quantity],
    );
    return counted.affectedRows === 1;
  });
