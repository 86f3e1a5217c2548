import type { ShowId } from '../domain/ids.ts';

/**
 * The names of everything the log keeps in Redis. What belongs to a partition shares the hash tag `onsale:{p}`, so
 * that it lies in one slot of a Redis Cluster and one script may touch all of it.
 */
export interface PartitionKeys {
  readonly requests: string;
  /** Holds exactly the lease token; the lease room writes it under the same name. */
  readonly lease: string;
  /** Where reading has to start again for the sake of entries that slipped below the watermark. */
  readonly lateFrom: string;
  readonly boardsSealed: string;
  /** Which claim the owner has in its database, while one is at work. */
  readonly claimed: string;
  readonly outcomes: string;
}

const made = new Map<number, PartitionKeys>();

/** Made once for each partition: every request asks. */
export const keysOf = (partition: number): PartitionKeys => {
  const known = made.get(partition);
  if (known) return known;
  const keys = newKeys(partition);
  made.set(partition, keys);
  return keys;
};

const newKeys = (partition: number): PartitionKeys => ({
  requests: `onsale:{${partition}}:requests`,
  lease: `onsale:{${partition}}:lease`,
  lateFrom: `onsale:{${partition}}:late-from`,
  boardsSealed: `onsale:{${partition}}:boards-sealed`,
  claimed: `onsale:{${partition}}:claimed`,
  outcomes: `onsale:{${partition}}:outcomes`,
});

export const boardKey = (partition: number, showId: ShowId): string =>
  `onsale:{${partition}}:board:${showId}`;

/** Expires after a second: a pool is believed to be full only while its owner keeps saying so. */
export const fullKey = (partition: number, showId: ShowId): string => `onsale:{${partition}}:full:${showId}`;

/** A client's key names a customer, not a partition, so each lies in a slot of its own. */
export const requestKeyKey = (hash: string): string => `onsale:key:{${hash}}`;

/** The revision of the show that is to be closed; the door is shut while its board has it. */
export const closingKey = (partition: number, showId: ShowId): string =>
  `onsale:{${partition}}:closing:${showId}`;

export const settingsKey = 'onsale:settings';

/** The one consumer group and its one consumer: projectors compete for partitions, not for entries. */
export const group = 'projectors';
export const consumer = 'owner';
