import type { Metric } from './metric.ts';

/** Whether a process stands on the two servers that belong together. */
export const pairMetrics = {
  pairRefused: {
    name: 'onsale.pair.refused',
    type: 'gauge',
    unit: '1',
    labels: [],
    help: '1 while this process reads and writes nothing because its Redis and its database belong to two pairs; must be 0',
  },
  pairWrittenBack: {
    name: 'onsale.pair.written_back',
    type: 'counter',
    unit: '{time}',
    labels: [],
    help: 'Times this process wrote the pair id back into a Redis that had lost it, and so had lost data',
  },
  twoDatabases: {
    name: 'onsale.pair.two_databases',
    type: 'gauge',
    unit: '1',
    labels: [],
    help: '1 while partitions are worked from another database than the one of this projector (a copy); must be 0',
  },
} as const satisfies Record<string, Metric>;

/** Of a process with DATABASE_READ_URL: whether its replica is read, and how late that is. */
export const replicaMetrics = {
  replicaUsed: {
    name: 'onsale.mysql.replica.used',
    type: 'gauge',
    unit: '1',
    labels: [],
    help: '1 while the replica is read; 0 while the primary answers in its place, because it is away, too far behind or no replica',
  },
  replicaAge: {
    name: 'onsale.mysql.replica.age',
    type: 'gauge',
    unit: 's',
    labels: [],
    help: 'How old what the replica has is at the most, by what it was last proven to have; absent until something was',
  },
  replicaReads: {
    name: 'onsale.mysql.replica.reads',
    type: 'counter',
    unit: '{read}',
    labels: ['answered_by'],
    values: ['replica', 'primary'],
    help: 'Reads that a replica may answer, by who did',
  },
} as const satisfies Record<string, Metric>;
