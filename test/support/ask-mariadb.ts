import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { OwnServer } from './servers.ts';

/** Runs a query on one server over a connection of its own. */
export const askMariadb = async (
  { url }: Pick<OwnServer, 'url'>,
  sql: string,
): Promise<readonly RowDataPacket[]> => {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
};
