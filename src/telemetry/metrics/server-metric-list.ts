import type { Metric } from './metric.ts';

/** Whether the Redis and the database of this process belong together. */
export const pairMetrics = {
  pairRefused: {
    name: 'onsale.pair.refused',
    type: 'gauge',
    unit: '1',
    labels: [],
    help: '1 while this process reads and writes nothing, because its Redis and its database belong to different pairs; must be 0',
  },
  pairWrittenBack: {
    name: 'onsale.pair.written_back',
    type: 'counter',
    unit: '{time}',
    labels: [],
    help: 'Times this process wrote the pair id back into a Redis that had lost it, and other data with it',
  },
  twoDatabases: {
    name: 'onsale.pair.two_databases',
    type: 'gauge',
    unit: '1',
    labels: [],
    help: '1 while partitions are worked from a database other than that of this projector (a copy); must be 0',
  },
} as const satisfies Record<string, Metric>;

/** For a process with DATABASE_READ_URL: whether its replica is read, and how old its data is. */
export const replicaMetrics = {
  replicaUsed: {
    name: 'onsale.mysql.replica.used',
    type: 'gauge',
    unit: '1',
    labels: [],
    help: '1 while the replica is read; 0 while the primary answers instead, because the replica is unavailable, too far behind or not a replica',
  },
  replicaAge: {
    name: 'onsale.mysql.replica.age',
    type: 'gauge',
    unit: 's',
    labels: [],
    help: 'The most that the data of the replica can be behind, by what it was last proven to have; absent until something was proven',
  },
  replicaReads: {
    name: 'onsale.mysql.replica.reads',
    type: 'counter',
    unit: '{read}',
    labels: ['answered_by'],
    values: ['replica', 'primary'],
    help: 'Reads that a replica may answer, by the server that answered',
  },
} as const satisfies Record<string, Metric>;

export const readMetrics = {
  readsUnanswered: {
    name: 'onsale.reads.unanswered',
    type: 'counter',
    unit: '{read}',
    labels: ['why'],
    values: ['queue-full', 'no-answer'],
    help: 'Reads of clients that the database did not answer, by reason: queue-full (as many as may wait were waiting: refused at once), no-answer (no answer in time)',
  },
} as const satisfies Readonly<Record<string, Metric>>;
