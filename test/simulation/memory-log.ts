import type { StreamId } from '../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import { appendEntry, appendEntryAt } from './memory-log/append-entry.ts';
import { connectInMemory, type MemoryLog, type MemoryLogOptions } from './memory-log/connect.ts';
import { copyPartition } from './memory-log/copy-partition.ts';
import { goBack } from './memory-log/go-back.ts';
import { decodeUpgraded } from './memory-log/newer-version.ts';
import { newPartitionState, type PartitionState } from './memory-log/partition-state.ts';
import { ringBells } from './memory-log/ring-bells.ts';
import {
  type MemoryLogServerOptions,
  newServerState,
  type ServerState,
  type StoredKey,
} from './memory-log/server-state.ts';

/**
 * The log's server in memory, for virtual time: it stands for Redis, without Redis' clock and connections.
 */
export interface MemoryLogServer {
  connect(options: MemoryLogOptions): MemoryLog;
  /**
   * All data at this moment. Any number of snapshots may be kept, and each may be restored any number of
   * times.
   */
  snapshot(): LogSnapshot;
  /**
   * A fail-over to a server whose data are as old as the snapshot. Connections are not affected: those belong
   * to the wires.
   */
  restore(snapshot: LogSnapshot): void;
  loseAll(): void;
  /** A fail-over to a server that has nothing of one partition after `id`. */
  goBack(partition: number, id: StreamId): void;
  dropGroup(partition: number): void;
  /** Refuses every command that takes memory with this error text, until called with undefined. */
  refuseWrites(why: string | undefined): void;
  /** Appends any fields and values, as the next entry or at an id above the last. */
  appendRaw(partition: number, fields: readonly (string | Buffer)[], at?: StreamId): StreamId;
  /** From now on readers know the version after the present one. */
  upgrade(): void;
  /** As a reader of that version sees them. */
  entries(partition: number): readonly ReadEntry[];
  /** The last id of the stream. */
  lastId(partition: number): StreamId;
}

export interface LogSnapshot {
  readonly streams: readonly PartitionState[];
  readonly keys: ReadonlyMap<string, StoredKey>;
}

export const newMemoryLogServer = (options: MemoryLogServerOptions): MemoryLogServer => {
  const server = newServerState(options);
  const promote = (): void => {
    promoted += 1;
    server.runId = `server ${promoted}`;
  };
  let promoted = 1;
  return {
    connect: (given) => connectInMemory(server, given),
    snapshot: () => ({ streams: server.streams.map(copyPartition), keys: new Map(server.keys) }),
    restore: ({ streams, keys }) => {
      promote();
      server.streams = streams.map(copyPartition);
      server.keys = new Map(keys);
    },
    loseAll: () => {
      promote();
      server.streams = server.streams.map(newPartitionState);
      server.keys.clear();
    },
    goBack: (partition, id) => {
      promote();
      goBack(server.stream(partition), id);
    },
    dropGroup: (partition) => {
      server.stream(partition).position = undefined;
    },
    refuseWrites: (why) => {
      server.refusal = why;
    },
    upgrade: () => {
      server.isUpgraded = true;
    },
    appendRaw: (partition, fields, at) => appendRaw(server, partition, fields, at),
    entries: (partition) =>
      server.stream(partition).entries.map(({ streamId, fields, content }) => ({
        streamId,
        content: content && content.type !== 'newer' ? content : decodeUpgraded(fields),
      })),
    lastId: (partition) => server.stream(partition).lastId,
  };
};

const appendRaw: (server: ServerState, ...append: Parameters<MemoryLogServer['appendRaw']>) => StreamId = (
  server,
  partition,
  fields,
  at,
) => {
  const stream = server.stream(partition);
  const bytes = fields.map((field) => Buffer.from(field));
  const id = at ? appendEntryAt(stream, bytes, at) : appendEntry(stream, bytes, server.nowMs());
  ringBells(server, partition, id);
  return id;
};
