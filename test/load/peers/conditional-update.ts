import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { inTransaction } from './in-transaction.ts';
import { insertTicket, type Order, type Peer, type PeerOptions, ticketOf } from './peer.ts';

/**
 * One transaction a request, without reading first: the UPDATE itself asks whether there is room. The row of the sale goes
 * first, because the UPDATE locks the show's row until the commit is on disk, and everybody waits for that row.
 */
export const conditionalUpdate = async ({ database }: PeerOptions): Promise<Peer> => ({
  buy: async (order) => ((await sell(database, order)) ? 'sold' : 'sold-out'),
  close: async () => {},
});

/** Whether the places were there; they are sold and on disk then. */
export const sell = (database: Pool, order: Order): Promise<boolean> =>
  inTransaction(database, async (connection) => {
    await connection.execute(insertTicket, ticketOf(order));
    const [counted] = await connection.execute<ResultSetHeader>(
      'UPDATE counts SET sold = sold + ? WHERE id = 1 AND sold + ? <= capacity',
      [order.quantity, order.quantity],
    );
    return counted.affectedRows === 1;
  });
