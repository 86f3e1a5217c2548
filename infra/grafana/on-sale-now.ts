import { newDashboard } from './new-dashboard.ts';
import { figure, graph } from './panels.ts';
import { countOf, install, mostOf, orZero, perSecond, quantile, restartsIn, sumOf } from './queries.ts';
import { oldestByPartition, slowestByRoute, slowestByStage, undecidedByPartition } from './shared-graphs.ts';

const reservations = { http_request_method: 'POST', http_route: '/v1/reservations' } as const;
// A call of many is a 200, whatever the answers to its requests are.
const failed = [
  perSecond('httpDuration', { where: { http_response_status_code: '5..' } }),
  perSecond('batchResults', { where: { status: '5..' } }),
]
  .map((query) => `(${orZero(query)})`)
  .join(' + ');
const inCallsOfMany = orZero(perSecond('batchResults'));
const answered = `${perSecond('httpDuration')} + (${inCallsOfMany})`;

const placesIn = (state: 'capacity' | 'held' | 'confirmed'): string => sumOf('places', { where: { state } });

const now = [
  figure({
    title: 'Reservations asked for',
    says: 'POST /v1/reservations a second, and requests in calls of many',
    unit: 'reqps',
    query: `(${orZero(perSecond('httpDuration', { where: reservations }))}) + (${inCallsOfMany})`,
  }),
  figure({
    title: 'Decisions',
    says: 'Committed decisions a second',
    unit: 'ops',
    query: orZero(perSecond('decisions')),
  }),
  figure({
    title: 'Oldest undecided',
    says: 'Age of the oldest entry that waits for its decision',
    unit: 's',
    query: mostOf('lagSeconds'),
    badFrom: 10,
  }),
  figure({
    title: 'Availability',
    says: 'Share of requests that were not answered 5xx',
    unit: 'percentunit',
    query: `1 - (${failed}) / ((${answered}) > 0) or vector(1)`,
    goodFrom: 0.99,
  }),
  figure({
    title: 'Projectors',
    says: 'Projectors that report metrics',
    query: orZero(countOf('leasesHeld')),
    goodFrom: 1,
  }),
  figure({
    title: 'Sold',
    says: 'Confirmed places of all those of shows that were decided on within the hour',
    unit: 'percentunit',
    query: `${placesIn('confirmed')} / (${placesIn('capacity')} > 0)`,
  }),
  figure({
    title: 'Started again',
    says: 'Processes that started again at the same address within a quarter of an hour',
    query: orZero(restartsIn('15m')),
    badFrom: 1,
  }),
  figure({
    title: 'Oversold',
    says: 'Places given out beyond capacity: must be 0',
    query: sumOf('oversold'),
    badFrom: 1,
  }),
  figure({
    title: 'Drift',
    says: 'By how much counters and reservations differ: must be 0',
    query: sumOf('drift'),
    badFrom: 1,
  }),
  figure({
    title: 'Parked',
    says: 'Entries set aside until an operator acts',
    query: sumOf('parked'),
    badFrom: 1,
  }),
];

const outcome = [
  graph({
    title: 'Requests by route',
    says: 'All answers, whatever their status',
    unit: 'reqps',
    lines: {
      '{{http_request_method}} {{http_route}}': perSecond('httpDuration', {
        by: ['http_request_method', 'http_route'],
      }),
    },
  }),
  graph({
    title: 'Answers by status',
    says: '409 are refusals and no failures',
    unit: 'reqps',
    stacked: true,
    lines: {
      '{{http_response_status_code}}': perSecond('httpDuration', { by: ['http_response_status_code'] }),
    },
  }),
  graph({
    title: 'Decisions',
    says: 'By kind, and by reason where one refuses',
    unit: 'ops',
    stacked: true,
    lines: { '{{decision}} {{reason}}': perSecond('decisions', { by: ['decision', 'reason'] }) },
  }),
  graph({
    title: 'Refused at the door',
    says: 'Without an append; sold-out is the short-cut of a show that is full',
    unit: 'reqps',
    stacked: true,
    lines: { '{{reason}}': perSecond('doorRefusals', { by: ['reason'] }) },
  }),
  graph({
    title: 'Places',
    says: 'Of shows that were decided on within the hour: sold, held, and what is left of all there are',
    stacked: true,
    lines: {
      confirmed: placesIn('confirmed'),
      held: placesIn('held'),
      free: `clamp_min(${placesIn('capacity')} - ${placesIn('confirmed')} - ${placesIn('held')}, 0)`,
    },
  }),
  graph({
    title: 'Decisions by install',
    says: 'Of all that are chosen at the top',
    unit: 'ops',
    stacked: true,
    lines: { '{{cluster}} {{namespace}}': perSecond('decisions', { by: [...install] }) },
  }),
];

const latency = [
  graph({
    title: 'Latency by stage, median',
    says: 'accept → append → pick-up → commit → visible; total is from the stream to the published outcome',
    unit: 's',
    lines: { '{{stage}}': quantile(0.5, 'stage', { by: ['stage'] }) },
  }),
  slowestByStage('The dots are traces that were kept: click one'),
  slowestByRoute('Waits that clients asked for included'),
  graph({
    title: 'Appends',
    says: 'refused: certainly not on the stream; unknown: perhaps',
    unit: 'ops',
    stacked: true,
    lines: { '{{verdict}}': perSecond('appends', { by: ['verdict'] }) },
  }),
];

const lag = [undecidedByPartition('By partition; the door answers 503 at its bound'), oldestByPartition()];

const ofInstall = { by: [...install, 'instance', 'bound'] } as const;
const bounds = `max by (bound) (${mostOf('boundUsed', ofInstall)} / ${mostOf('boundLimit', ofInstall)})`;

const availability = [
  graph({
    title: 'Answers 5xx',
    says: 'Share of all answers; 503 is how a bound answers',
    unit: 'percentunit',
    lines: { 'share of 5xx': `(${failed}) / (${answered} > 0) or vector(0)` },
  }),
  graph({
    title: 'Bounds',
    says: 'How much of each bound is used; at 1 it refuses, retention trims',
    unit: 'percentunit',
    lines: { '{{bound}}': bounds },
  }),
  graph({
    title: 'Event loop delay, 99 of 100',
    says: 'A process that is late here is late with all its work',
    unit: 's',
    lines: {
      '{{role}} {{instance}}': mostOf('loopDelay', {
        by: ['role', 'instance'],
        where: { percentile: 'p99' },
      }),
    },
  }),
  graph({
    title: 'CPU',
    says: 'Of one core, by process',
    unit: 'percentunit',
    lines: { '{{role}} {{instance}}': perSecond('cpuTime', { by: ['role', 'instance'] }) },
  }),
];

const processes = [
  graph({
    title: 'Memory',
    says: 'Resident, by process; a pod is killed at its limit',
    unit: 'bytes',
    lines: { '{{role}} {{instance}}': sumOf('memory', { by: ['role', 'instance'] }) },
  }),
  graph({
    title: 'Age of each process',
    says: 'A line that falls to 0 is a process that started again; one that ends and another that begins, a new pod',
    unit: 's',
    lines: { '{{role}} {{instance}}': `time() - ${mostOf('startTime', { by: ['role', 'instance'] })}` },
  }),
];

const projectors = [
  graph({
    title: 'Partitions by projector',
    says: 'Fair shares are at most one apart',
    stacked: true,
    lines: { '{{instance}}': sumOf('leasesHeld', { by: ['instance'] }) },
  }),
  graph({
    title: 'Batch size',
    says: 'Batches grow under load, which is what makes them cheap',
    lines: { median: quantile(0.5, 'batchSize'), '99 of 100': quantile(0.99, 'batchSize') },
  }),
];

/** The dashboard to watch during the rush of an on-sale. */
export const onSaleNow = newDashboard({
  uid: 'onsale-now',
  title: 'onsale: on-sale now',
  says: 'Rate, outcome, latency by stage, lag, availability, projectors',
  rows: {
    Now: now,
    'Rate and outcome': outcome,
    Latency: latency,
    Lag: lag,
    Availability: availability,
    Projectors: projectors,
    Processes: processes,
  },
});
