import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, createConnection, type QueryOptions, type RowDataPacket } from 'mysql2/promise';

const everyMs = 50;
const connectMsMax = 1_000;

/** Repeats the same query directly at the server, past all proxies, and reconnects after every failure. */
export const lookAtTable = (
  databaseUrl: string,
  question: QueryOptions,
  take: (rows: readonly RowDataPacket[]) => void,
): { readonly stop: () => Promise<void> } => {
  let stopped = false;
  let connection: Connection | undefined;
  const look = async (): Promise<void> => {
    try {
      connection ??= await connected(databaseUrl);
      take((await connection.query<RowDataPacket[]>(question))[0]);
    } catch {
      connection?.destroy();
      connection = undefined;
    }
  };
  const looking = (async () => {
    while (!stopped) {
      await look();
      await delay(everyMs);
    }
    connection?.destroy();
  })();
  return {
    stop: async () => {
      stopped = true;
      await looking;
    },
  };
};

const connected = async (uri: string): Promise<Connection> => {
  const connection = await createConnection({ uri, connectTimeout: connectMsMax });
  // A killed server also emits an error here; the next query fails in any case.
  connection.on('error', () => undefined);
  return connection;
};
