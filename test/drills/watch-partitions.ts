import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';

/** A partition was seen further than before. */
export interface Move {
  readonly partition: number;
  readonly position: number;
  /** By performance.now(), to one look exactly. */
  readonly atMs: number;
}

export interface PartitionWatch {
  readonly moves: readonly Move[];
  readonly stop: () => Promise<void>;
}

const everyMs = 50;
const connectMsMax = 1_000;
const answerMsMax = 2_000;

/** Looks at how far partitions are, again and again, and on a new connection after every failure. */
export const watchPartitions = (databaseUrl: string): PartitionWatch => {
  const moves: Move[] = [];
  const last = new Map<number, number>();
  let stopped = false;
  let connection: Connection | undefined;
  const look = async (): Promise<void> => {
    try {
      connection ??= await connected(databaseUrl);
      const sql = 'SELECT id, position FROM partitions';
      const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: answerMsMax });
      for (const row of rows) note(Number(row['id']), Number(row['position']), performance.now());
    } catch {
      connection?.destroy();
      connection = undefined;
    }
  };
  const note = (partition: number, position: number, atMs: number): void => {
    // A server that was promoted without the last decisions is further back: that is no decision.
    if (position > (last.get(partition) ?? position)) moves.push({ partition, position, atMs });
    last.set(partition, position);
  };
  const watching = (async () => {
    while (!stopped) {
      await look();
      await delay(everyMs);
    }
    connection?.destroy();
  })();
  return {
    moves,
    stop: async () => {
      stopped = true;
      await watching;
    },
  };
};

const connected = async (uri: string): Promise<Connection> => {
  const connection = await createConnection({ uri, connectTimeout: connectMsMax });
  // A server that is killed says so here as well; the query that follows fails anyhow.
  connection.on('error', () => undefined);
  return connection;
};
