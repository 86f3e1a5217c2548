import type { Redis } from 'ioredis';
import type { Pool, RowDataPacket } from 'mysql2/promise';

/** Another way to sell, tried under the same load as ours. */
export interface Peer {
  readonly name: string;
  /** Asks for `quantity` places; whether the buyer was told that they have them. */
  readonly buy: (quantity: number) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Each peer sells one show of `capacity` places, on servers and tables of the caller's. */
export interface PeerOptions {
  readonly redis: Redis;
  readonly database: Pool;
  readonly capacity: number;
}

interface Sum extends RowDataPacket {
  readonly sold: string | null;
}

/** The one table all peers write: a row per sale. No CHECK guards it, as none did in the systems they are taken from. */
export const createTickets = async (database: Pool): Promise<void> => {
  await database.query('DROP TABLE IF EXISTS tickets');
  await database.query('CREATE TABLE tickets (id BIGINT AUTO_INCREMENT PRIMARY KEY, quantity INT NOT NULL)');
};

/** What was really sold: the rows, not anybody's counter. */
export const soldTickets = async (database: Pool): Promise<number> => {
  const [rows] = await database.query<Sum[]>('SELECT SUM(quantity) AS sold FROM tickets');
  return Number(rows[0]?.sold ?? 0);
};
