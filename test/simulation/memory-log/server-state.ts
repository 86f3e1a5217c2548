import type { StreamId } from '../../../src/domain/stream-id.ts';
import type { KeyOwner } from '../../../src/log/contract.ts';
import { newPartitionState, type PartitionState } from './partition-state.ts';

export interface MemoryLogServerOptions {
  /** The server's own wall clock; it may jump. */
  readonly nowMs: () => number;
  readonly partitions: number;
  /** The current lease token of a partition. */
  readonly holder: (partition: number) => string | undefined;
  /** WAIT: whether a replica has everything that the server has now. Without it there is no replica. */
  readonly replicate?: (() => Promise<boolean>) | undefined;
}

/** A blocking read that waits for an entry after position `after`. */
export interface Bell {
  readonly after: StreamId;
  readonly ring: () => void;
}

/** A subscription; returns whether its connection is still open. */
export type Channel = (message: string) => boolean;

export type Channels = ReadonlyMap<number, Set<Channel>>;

export interface StoredKey extends KeyOwner {
  readonly endsMs: number;
}

/** The server's state: the first two are its data, the others end with their connections. */
export interface ServerState extends MemoryLogServerOptions {
  /** Another one after each fail-over. */
  runId: string;
  streams: readonly PartitionState[];
  keys: Map<string, StoredKey>;
  readonly bells: ReadonlyMap<number, Set<Bell>>;
  readonly channels: Channels;
  /** Of the wake-ups of followers. */
  readonly decided: Channels;
  /** Whether readers know the version after the present one. */
  isUpgraded: boolean;
  /** Error text for commands that take memory; undefined while they are accepted. */
  refusal: string | undefined;
  stream(partition: number): PartitionState;
}

export const newServerState = (options: MemoryLogServerOptions): ServerState => {
  const numbers = Array.from({ length: options.partitions }, (_, partition) => partition);
  const state: ServerState = {
    ...options,
    runId: 'server 1',
    streams: numbers.map(newPartitionState),
    keys: new Map(),
    bells: new Map(numbers.map((partition) => [partition, new Set()])),
    channels: new Map(numbers.map((partition) => [partition, new Set()])),
    decided: new Map(numbers.map((partition) => [partition, new Set()])),
    isUpgraded: false,
    refusal: undefined,
    stream: (partition) => {
      const stream = state.streams[partition];
      if (!stream) throw new Error(`there is no partition ${partition}`);
      return stream;
    },
  };
  return state;
};
