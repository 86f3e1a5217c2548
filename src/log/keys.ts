import type { ShowId } from '../domain/ids.ts';

/**
 * The names of all Redis keys of the log. Keys of one partition share the hash tag `{p}`, so they are in one slot of a
 * Redis Cluster and one script may access all of them.
 */
export interface PartitionKeys {
  readonly requests: string;
  /** Its value is the lease token; src/lease writes it under the same name. */
  readonly lease: string;
  /** Where reading has to start again because of late entries, which are below the watermark. */
  readonly lateFrom: string;
  readonly boardsSealed: string;
  /** The owner's claim in its database. It exists only while there is an owner. */
  readonly claimed: string;
  readonly outcomes: string;
  /** The channel on which each commit publishes its last position. */
  readonly decided: string;
}

const made = new Map<number, PartitionKeys>();

/** Made once for each partition, because every request needs them. */
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
  decided: `onsale:{${partition}}:decided`,
});

export const boardKey = (partition: number, showId: ShowId): string =>
  `onsale:{${partition}}:board:${showId}`;

/** Expires after a second: a pool counts as full only while its owner keeps writing this. */
export const fullKey = (partition: number, showId: ShowId): string => `onsale:{${partition}}:full:${showId}`;

/** A client's key belongs to a customer, not to a partition, so each has a slot of its own. */
export const requestKeyKey = (hash: string): string => `onsale:key:{${hash}}`;

/** The revision of the show that is to be closed; the door treats it as closed while its board has that revision. */
export const closingKey = (partition: number, showId: ShowId): string =>
  `onsale:{${partition}}:closing:${showId}`;

export const settingsKey = 'onsale:settings';

/** The one consumer group and its one consumer: projectors compete for partitions, not for entries. */
export const group = 'projectors';
export const consumer = 'owner';
