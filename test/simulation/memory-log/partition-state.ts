import type { ShowId } from '../../../src/domain/ids.ts';
import { beforeAll, type StreamId } from '../../../src/domain/stream-id.ts';
import type { EntryContent } from '../../../src/log/contract.ts';

export interface StoredEntry {
  readonly streamId: StreamId;
  /** Field, value, field, value, … as they were sent. */
  readonly fields: readonly Buffer[];
  /** The decoded entry, once it has been read. */
  content?: EntryContent;
}

/** A value that expires by the server's clock. */
export interface ExpiringText {
  readonly text: string;
  readonly endsMs: number;
}

/** The owner's note of its claim. */
export interface StoredClaim {
  readonly token: string;
  readonly before?: string | undefined;
  readonly roll?: string | undefined;
  readonly endsMs: number;
}

/** All data that a server has of one partition. */
export interface PartitionState {
  entries: StoredEntry[];
  lastId: StreamId;
  /** Number of entries ever added. */
  added: number;
  /** Position of the consumer group; undefined while there is no group. */
  position: StreamId | undefined;
  lateFrom: StreamId | undefined;
  seal: ExpiringText | undefined;
  claimed: StoredClaim | undefined;
  readonly boards: Map<ShowId, string>;
  readonly full: Map<ShowId, ExpiringText>;
  readonly closings: Map<ShowId, ExpiringText>;
}

export const newPartitionState = (): PartitionState => ({
  entries: [],
  lastId: beforeAll,
  added: 0,
  position: undefined,
  lateFrom: undefined,
  seal: undefined,
  claimed: undefined,
  boards: new Map(),
  full: new Map(),
  closings: new Map(),
});
