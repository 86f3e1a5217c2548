import type { Redis } from 'ioredis';
import type { Pool, RowDataPacket } from 'mysql2/promise';

export interface Order {
  readonly quantity: number;
  /** The buyer's own mark, stored with the sale, so that answers can be compared with sales afterwards. */
  readonly reference?: string;
}

/**
 * The answer to the buyer: the places are sold to them, none are left, or the order is queued for a decision.
 */
export type PurchaseAnswer = 'sold' | 'sold-out' | 'queued';

/** Another way to sell, tested under the same load as ours. */
export interface Peer {
  readonly buy: (order: Order) => Promise<PurchaseAnswer>;
  readonly close: () => Promise<void>;
}

/** The worker of a peer that only queues, in a process of its own. */
export interface PeerWorker {
  readonly close: () => Promise<void>;
}

/**
 * Each peer sells one show of `capacity` places, on servers of the caller, who has called `createTickets`.
 */
export interface PeerOptions {
  readonly redis: Redis;
  readonly database: Pool;
  readonly capacity: number;
}

interface Sum extends RowDataPacket {
  readonly sold: string | null;
}

/**
 * The tables of all peers: one row per sale, and one per show for those that count there. They have no CHECK,
 * like the tables of the systems that the peers imitate.
 */
export const createTickets = async (database: Pool, capacity: number): Promise<void> => {
  await database.query('DROP TABLE IF EXISTS tickets, counts');
  await database.query(
    'CREATE TABLE tickets (id BIGINT AUTO_INCREMENT PRIMARY KEY, quantity INT NOT NULL, reference VARBINARY(128))',
  );
  await database.query('CREATE TABLE counts (id INT PRIMARY KEY, capacity INT NOT NULL, sold INT NOT NULL)');
  await database.query('INSERT INTO counts VALUES (1, ?, 0)', [capacity]);
};

export const insertTicket = 'INSERT INTO tickets (quantity, reference) VALUES (?, ?)';

export const ticketOf = ({ quantity, reference }: Order): [number, string | null] => [
  quantity,
  reference ?? null,
];

/** The real sales: counted by rows, not by a counter. */
export const soldTickets = async (database: Pool): Promise<number> => {
  const [rows] = await database.query<Sum[]>('SELECT SUM(quantity) AS sold FROM tickets');
  return Number(rows[0]?.sold ?? 0);
};
