import type { Clock } from '../../src/domain/ports.ts';
import type { Batch } from '../../src/store/contract.ts';
import { bytesIn, isNull, numberIn } from '../../src/store/database/columns.ts';
import { type ConnectedStore, type ConnectOptions, connectStore } from './memory-store/connect-store.ts';
import { copyTables, loadTables, type TablesCopy } from './memory-store/copy-tables.ts';
import type { Fault } from './memory-store/fault.ts';
import { Server, type ServerSession } from './memory-store/server.ts';
import { newTables, type Tables } from './memory-store/tables.ts';

/** A batch just before its commit, with the claim in the partition's row at that moment. */
export interface ObservedCommit {
  readonly batch: Batch;
  readonly current: { readonly epoch: number; readonly token: string | undefined };
  /** Position of the last batch that was committed before it. */
  readonly positionBefore: number;
}

export interface MemoryDatabaseOptions {
  /** The server's own clock, which runs on while a client is frozen. */
  readonly clock: Clock;
  /** Called before every statement with its name; also with "begin", "commit", "rollback" and "ping". */
  readonly faultOf?: (statement: string) => Fault | undefined;
  readonly onCommit?: (commit: ObservedCommit) => void;
}

/**
 * The database server in memory. It knows the statements of src/store but not their purpose: claiming,
 * committing, fencing and settling a lost commit are production code, which runs over its sessions.
 */
export interface MemoryDatabase {
  connect(options: ConnectOptions): ConnectedStore;
  /** A copy of all committed rows. */
  snapshot(): TablesCopy;
  /** Returns the server to a former state and closes all connections. */
  restore(snapshot: TablesCopy): void;
  /** The server restarts without losing a commit. */
  restart(): void;
  /** The committed rows, for a view from outside. */
  readonly tables: Tables;
}

export const newMemoryDatabase = ({
  clock,
  faultOf = () => undefined,
  onCommit = () => undefined,
}: MemoryDatabaseOptions): MemoryDatabase => {
  const tables = newTables();
  const server = new Server({
    clock,
    tables,
    faultOf,
    onCommit: (session) => {
      for (const batch of session.about) {
        const commit = observe(tables, session, batch);
        if (commit) onCommit(commit);
      }
    },
  });
  return {
    connect: (options) => connectStore(server, options),
    snapshot: () => copyTables(tables),
    restore: (snapshot) => {
      server.endAll();
      loadTables(tables, snapshot);
    },
    restart: () => server.endAll(),
    tables,
  };
};

const observe = (
  tables: Tables,
  { transaction }: ServerSession,
  batch: Batch,
): ObservedCommit | undefined => {
  const partition = String(batch.claim.partition);
  const row = transaction?.own.partitions.get(partition);
  if (!row) return undefined;
  const token = isNull(row, 'claim') ? undefined : bytesIn(row, 'claim').toString('hex');
  const before = tables.partitions.get(partition);
  return {
    batch,
    current: { epoch: numberIn(row, 'epoch'), token },
    positionBefore: before ? numberIn(before, 'position') : 0,
  };
};
