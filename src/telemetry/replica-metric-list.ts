import type { Metric } from './metric.ts';

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
