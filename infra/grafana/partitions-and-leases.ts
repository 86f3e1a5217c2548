import { newDashboard } from './new-dashboard.ts';
import { figure, graph } from './panels.ts';
import { install, mostOf, orZero, ownerless, perSecond, quantile, sumOf } from './queries.ts';
import { oldestByPartition, undecidedByPartition } from './shared-graphs.ts';

const now = [
  figure({
    title: 'Partitions without an owner',
    says: 'Longer than a moment is a fault: nothing is decided there',
    span: 6,
    query: orZero(`count(${ownerless})`),
    badFrom: 1,
  }),
  figure({
    title: 'Partitions worked',
    says: 'Over all projectors',
    span: 6,
    query: orZero(sumOf('leasesHeld')),
  }),
  figure({
    title: 'Undecided entries',
    says: 'On all partitions',
    span: 6,
    query: orZero(`sum(${mostOf('lagEntries', { by: [...install, 'partition'] })})`),
  }),
  figure({
    title: 'Streams ahead of Redis',
    says: 'A Redis whose clock was set back goes on from its last id',
    unit: 's',
    span: 6,
    query: mostOf('clockAhead'),
    badFrom: 1,
  }),
];

const leases = [
  graph({
    title: 'Who works which partition',
    says: 'A line for each, at the number of the partition',
    lines: {
      '{{namespace}} {{partition}}: {{instance}}': sumOf('leaseOwner', {
        by: [...install, 'partition', 'instance'],
      }),
    },
    stacked: true,
  }),
  graph({
    title: 'Partitions by projector',
    says: 'Fair shares are at most one apart',
    stacked: true,
    lines: { '{{instance}}': sumOf('leasesHeld', { by: ['instance'] }) },
  }),
  graph({
    title: 'Clocks ahead of Redis',
    says: 'Of each process; below 0 it is behind. The clock of Redis decides',
    unit: 's',
    lines: { '{{instance}}': mostOf('clockDifference', { by: ['instance'] }) },
  }),
  graph({
    title: 'Take-overs',
    says: 'Claims made in MySQL',
    unit: 'ops',
    lines: { '{{instance}}': perSecond('takeOvers', { by: ['instance'] }) },
  }),
  graph({
    title: 'Ends of the work on a partition',
    says: 'left: asked to, or the lease went; fenced: another claim was made; unable: an entry of a newer version',
    unit: 'ops',
    lines: { '{{end}}': perSecond('tenancyEnds', { by: ['end'] }) },
  }),
];

const commits = [
  graph({
    title: 'Batch transactions',
    says: 'fenced, refused and retry should be nothing',
    unit: 'ops',
    stacked: true,
    lines: { '{{verdict}}': perSecond('commits', { by: ['verdict'] }) },
  }),
  graph({
    title: 'Batch transactions, how long',
    says: 'From handing a batch in to the reply of COMMIT',
    unit: 's',
    exemplars: true,
    lines: { median: quantile(0.5, 'commitDuration'), '99 of 100': quantile(0.99, 'commitDuration') },
  }),
  graph({
    title: 'Tries again, late decisions, batches not published',
    says: 'Collisions in MySQL; entries left undecided by a fail-over; outcomes that waiters had to look up',
    unit: 'ops',
    lines: {
      'tries again': perSecond('transactionRetries'),
      'late decisions': perSecond('lateDecisions'),
      'raised decisions': perSecond('raisedDecisions'),
      'batches not published': perSecond('publishFailures'),
    },
  }),
  graph({
    title: 'Parked',
    says: 'By why',
    unit: 'ops',
    lines: { '{{reason}}': perSecond('parkings', { by: ['reason'] }) },
  }),
];

const streams = [
  undecidedByPartition('By partition'),
  oldestByPartition(),
  graph({
    title: 'What a projector remembers',
    says: 'Shows and customers of all its partitions, of the one that caches most',
    unit: 'bytes',
    lines: { '{{bound}}': mostOf('boundUsed', { by: ['bound'], where: { bound: 'remembered_.*' } }) },
  }),
  graph({
    title: 'Shows checked',
    says: 'Their places summed; oversold and drift say nothing while this stands still',
    unit: 'ops',
    lines: { 'shows checked': perSecond('checkedShows') },
  }),
];

/** Who owns what, and whether it changes hands too often. */
export const partitionsAndLeases = newDashboard({
  uid: 'onsale-partitions',
  title: 'onsale: partitions and leases',
  says: 'Owners, take-overs, fenced commits, streams',
  rows: { Now: now, Leases: leases, Commits: commits, Streams: streams },
});
