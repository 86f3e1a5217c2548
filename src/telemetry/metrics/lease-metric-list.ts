import type { Metric } from './metric.ts';

/** Which partitions this projector works, and how that work ends. */
export const leaseMetrics = {
  leasesHeld: {
    name: 'onsale.leases.held',
    type: 'gauge',
    unit: '{partition}',
    labels: [],
    help: 'Partitions that this projector works now',
  },
  leaseOwner: {
    name: 'onsale.lease.owner',
    type: 'gauge',
    unit: '1',
    labels: ['partition'],
    help: '1 for each partition that this projector works; the sum over all projectors is 1 except during a hand-over',
  },
  takeOvers: {
    name: 'onsale.lease.take_overs',
    type: 'counter',
    unit: '{take_over}',
    labels: [],
    help: 'Partitions that this projector took over (claimed in MySQL)',
  },
  tenancyEnds: {
    name: 'onsale.lease.ends',
    type: 'counter',
    unit: '{tenancy}',
    labels: ['end'],
    values: ['left', 'fenced', 'unable', 'elsewhere'],
    help: 'Times the work on a partition ended, by reason: left (asked to stop, or the lease was lost), fenced, unable (an entry of a newer version), elsewhere (worked from another database)',
  },
} as const satisfies Record<string, Metric>;
