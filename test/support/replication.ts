import { waitUntil } from '../../infra/local/wait-until.ts';
import { askMariadb } from './ask-mariadb.ts';
import type { OwnServer } from './servers.ts';

/** Follows the primary by GTID, from the replica's current position. */
export const followPrimary = async (replica: OwnServer, primary: OwnServer): Promise<void> => {
  await askMariadb(
    replica,
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${primary.port}, MASTER_USER = 'onsale', ` +
      "MASTER_PASSWORD = 'onsale', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1",
  );
  await askMariadb(replica, 'START SLAVE');
};

export const positionOf = async (server: OwnServer): Promise<string> => {
  const [row] = await askMariadb(server, 'SELECT @@gtid_current_pos AS position');
  return String(row?.['position']);
};

/** Stops receiving; everything received is applied when this resolves. */
export const untilApplied = async (replica: OwnServer, limitMs: number): Promise<void> => {
  await askMariadb(replica, 'STOP SLAVE IO_THREAD');
  const [status] = await askMariadb(replica, 'SHOW SLAVE STATUS');
  await untilAt(replica, String(status?.['Gtid_IO_Pos']), limitMs);
};

/** Resolves when the replica has everything up to this position. */
export const untilAt = async (replica: OwnServer, position: string, limitMs: number): Promise<void> => {
  const isThere = async (): Promise<boolean> => {
    const [row] = await askMariadb(replica, `SELECT MASTER_GTID_WAIT('${position}', 1) AS late`);
    return Number(row?.['late']) === 0;
  };
  if (await waitUntil(isThere, { limitMs })) return;
  const [status] = await askMariadb(replica, 'SHOW SLAVE STATUS');
  const why = `${status?.['Last_IO_Error']} ${status?.['Last_SQL_Error']}`;
  throw new Error(`the replica had not caught up with ${position} within ${limitMs} ms: ${why}`);
};
