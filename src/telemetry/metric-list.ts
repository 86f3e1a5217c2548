/** What a metric is, to whoever reads its figures. docs/reference/telemetry.md says the same, and a test compares. */
export interface Metric {
  /** As OpenTelemetry has it; Prometheus' name is made of it and the unit. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** UCUM: s, By, 1 for shares; in braces what is counted. */
  readonly unit: string;
  /** Each of them with few values: never an id of a customer, show, reservation or trace. */
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper edges of a histogram's buckets. */
  readonly bounds?: readonly number[];
}

/** Fine around what a healthy stage takes (0.5 to 50 ms), and far enough for what a backlog does. */
const seconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const;
const batchSizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000] as const;

export const metricList = {
  httpDuration: {
    name: 'http.server.request.duration',
    type: 'histogram',
    unit: 's',
    labels: ['http.request.method', 'http.route', 'http.response.status_code'],
    help: 'From the head of a request to the end of its answer, waits that were asked for included',
    bounds: seconds,
  },
  stage: {
    name: 'onsale.stage.duration',
    type: 'histogram',
    unit: 's',
    labels: ['stage'],
    help: 'How long a request spent in each stage: accept (head of the POST to its append), append (to the reply of Redis, fsync included), pick-up (stream to projector, by the clock of Redis), commit (read to committed), visible (committed to told), total (stream to told)',
    bounds: seconds,
  },
  doorRefusals: {
    name: 'onsale.door.refusals',
    type: 'counter',
    unit: '{request}',
    labels: ['reason'],
    help: 'Requests refused without an append; reason sold-out is the short-cut of a show that is full',
  },
  appends: {
    name: 'onsale.appends',
    type: 'counter',
    unit: '{entry}',
    labels: ['verdict'],
    help: 'Appends by what became of them: appended, refused (certainly not on the stream), unknown (perhaps)',
  },
  decisions: {
    name: 'onsale.decisions',
    type: 'counter',
    unit: '{decision}',
    labels: ['decision', 'reason'],
    help: 'Committed decisions by kind, and by reason where one refuses',
  },
  lateDecisions: {
    name: 'onsale.decisions.late',
    type: 'counter',
    unit: '{decision}',
    labels: [],
    help: 'Decisions on entries that a Redis fail-over had slipped below the watermark',
  },
  parkings: {
    name: 'onsale.parkings',
    type: 'counter',
    unit: '{entry}',
    labels: ['reason'],
    help: 'Entries set aside: broken (unreadable), misrouted (of another partition), undecidable (deciding threw), refused (by the database)',
  },
  batchSize: {
    name: 'onsale.batch.size',
    type: 'histogram',
    unit: '{entry}',
    labels: [],
    help: 'Entries read at once, where there were any',
    bounds: batchSizes,
  },
  commitDuration: {
    name: 'onsale.commit.duration',
    type: 'histogram',
    unit: 's',
    labels: [],
    help: 'One batch transaction, from its first statement to the reply of COMMIT, further tries included',
    bounds: seconds,
  },
  commits: {
    name: 'onsale.commits',
    type: 'counter',
    unit: '{transaction}',
    labels: ['verdict'],
    help: 'Batch transactions by verdict: committed, fenced (another claim was made), duplicate, refused (data), retry (connection, lock, disk)',
  },
  transactionRetries: {
    name: 'onsale.transaction.retries',
    type: 'counter',
    unit: '{try}',
    labels: [],
    help: 'Tries of a batch transaction after a deadlock or another collision',
  },
  publishFailures: {
    name: 'onsale.publish.failures',
    type: 'counter',
    unit: '{batch}',
    labels: [],
    help: 'Committed batches whose outcomes could not be told at once; waiters look into the tables instead',
  },
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
    help: 'Ends of the work on a partition: left (asked to, or the lease went), fenced, unable (an entry of a newer version)',
  },
  lagEntries: {
    name: 'onsale.lag.entries',
    type: 'gauge',
    unit: '{entry}',
    labels: ['partition'],
    help: 'Entries on the stream that are not decided; told for partitions held, and by every projector for those nobody holds',
  },
  lagSeconds: {
    name: 'onsale.lag.seconds',
    type: 'gauge',
    unit: 's',
    labels: ['partition'],
    help: 'Age of the oldest entry that is not decided, by the clock of Redis; 0 when there is none',
  },
  clockAhead: {
    name: 'onsale.stream.clock_ahead',
    type: 'gauge',
    unit: 's',
    labels: [],
    help: 'How far the ids of the streams are ahead of this host: a Redis whose clock was set back goes on from its last id',
  },
  oversold: {
    name: 'onsale.oversold',
    type: 'gauge',
    unit: '{place}',
    labels: [],
    help: 'Places given out beyond the capacity of their pool, by the sums of reservations; must be 0',
  },
  drift: {
    name: 'onsale.drift',
    type: 'gauge',
    unit: '{place}',
    labels: [],
    help: 'By how much the counters of pools differ from the sums of reservations; must be 0',
  },
  checkedShows: {
    name: 'onsale.checked.shows',
    type: 'counter',
    unit: '{show}',
    labels: [],
    help: 'Shows whose places were summed for the two gauges above; they say nothing while this stands still',
  },
  boundUsed: {
    name: 'onsale.bound.used',
    type: 'gauge',
    unit: '1',
    labels: ['bound'],
    help: 'How much of each bound is used: of those of a partition, by the partition that uses most',
  },
  boundLimit: {
    name: 'onsale.bound.limit',
    type: 'gauge',
    unit: '1',
    labels: ['bound'],
    help: 'The bound itself, in the same unit',
  },
  traces: {
    name: 'onsale.traces',
    type: 'counter',
    unit: '{trace}',
    labels: ['why'],
    help: 'Traces begun or kept by this process: sampled, error, slow, parked, and dropped for being too many',
  },
  loopDelay: {
    name: 'nodejs.eventloop.delay',
    type: 'gauge',
    unit: 's',
    labels: ['quantile'],
    help: 'How late timers of the last seconds came: p50, p99, max',
  },
  loopUtilization: {
    name: 'nodejs.eventloop.utilization',
    type: 'gauge',
    unit: '1',
    labels: [],
    help: 'Share of the last seconds that the event loop was busy',
  },
  cpuTime: {
    name: 'process.cpu.time',
    type: 'counter',
    unit: 's',
    labels: ['cpu.mode'],
    help: 'CPU time of this process: user, system',
  },
  memory: {
    name: 'process.memory.usage',
    type: 'gauge',
    unit: 'By',
    labels: [],
    help: 'Resident memory of this process',
  },
} as const satisfies Record<string, Metric>;

/** Prometheus wants other characters, the unit in the name, and to see what is a counter. */
export const prometheusName = ({ name, type, unit }: Metric): string => {
  const suffix = { s: '_seconds', By: '_bytes', '1': type === 'gauge' ? '_ratio' : '' }[unit] ?? '';
  const base = name.replaceAll('.', '_');
  return `${base}${base.endsWith(suffix) || unitless.has(name) ? '' : suffix}${type === 'counter' ? '_total' : ''}`;
};

/** Of no one unit: a bound is entries, seconds or a share; an owner is one or none. */
const unitless: ReadonlySet<string> = new Set([
  'onsale.bound.used',
  'onsale.bound.limit',
  'onsale.lease.owner',
]);
