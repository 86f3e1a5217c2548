import type { Metric } from './metric.ts';

/** Who works which partitions, and how that ends. */
export const leaseMetrics = {
  leasesHeld: {
    name: 'onsale.leases.held',
    type: 'gauge',
    unit: '{partition}',
    labels: [],
    help: 'Partitions this projector works now',
  },
  leaseOwner: {
    name: 'onsale.lease.owner',
    type: 'gauge',
    unit: '1',
    labels: ['partition'],
    help: '1 where this projector works the partition; the sum over all projectors is 1 except while it changes hands',
  },
  takeOvers: {
    name: 'onsale.lease.take_overs',
    type: 'counter',
    unit: '{take_over}',
    labels: [],
    help: 'Partitions claimed in MySQL by this projector',
  },
  tenancyEnds: {
    name: 'onsale.lease.ends',
    type: 'counter',
    unit: '{tenancy}',
    labels: ['end'],
    values: ['left', 'fenced', 'unable', 'elsewhere'],
    help: 'Ends of the work on a partition: left (asked to, or the lease went), fenced, unable (an entry of a newer version), elsewhere (worked from another database)',
  },
} as const satisfies Record<string, Metric>;
