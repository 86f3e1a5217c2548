/**
 * Two objectives, and alerts on how fast their error budgets are used up. Each rate has two windows, so that an alert begins
 * and ends within minutes (the Site Reliability Workbook's "Alerting on SLOs").
 */
interface Objective {
  readonly name: 'accepted' | 'decided';
  /** The share that has to be in time. */
  readonly goal: number;
  /** The share that was not in time in the last `window`. */
  readonly errorRatio: (window: string) => string;
  readonly what: string;
  readonly page: string;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: 'critical' | 'warning' };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface Group<Rule> {
  readonly name: string;
  readonly rules: readonly Rule[];
}

const by = 'by (cluster, namespace)';

/** Bucket bounds of the histograms: the share below any other time would be an estimate. */
const acceptedWithin = '0.25';
const decidedWithin = '2.5';

const ways = 'stage=~"accept|append"';
const overloaded = (window: string): string =>
  `sum ${by} (rate(onsale_door_refusals_total{reason="overloaded"}[${window}]))`;

/**
 * The share of requests that were slow until the end of their append, failed, or were refused for overload, of all that were to
 * be appended. One that was both slow and failed counts twice: too many is better than too few.
 */
const notAccepted = (window: string): string =>
  [
    'clamp_max((',
    `  sum ${by} (rate(onsale_stage_duration_seconds_count{${ways}}[${window}]))`,
    `  - sum ${by} (rate(onsale_stage_duration_seconds_bucket{${ways},le="${acceptedWithin}"}[${window}]))`,
    `  + sum ${by} (rate(onsale_appends_total{verdict=~"refused|unknown"}[${window}]))`,
    `  + ${overloaded(window)}`,
    ') / (',
    `  sum ${by} (rate(onsale_appends_total[${window}])) + ${overloaded(window)}`,
    ') >= 0, 1)',
  ].join('\n');

/** An undecided entry is in no histogram, so the time in which one waited too long counts as well: the worse of both. */
const notDecided = (window: string): string =>
  [
    `max ${by} (`,
    '  label_replace((',
    `    1 - sum ${by} (rate(onsale_stage_duration_seconds_bucket{stage="total",le="${decidedWithin}"}[${window}]))`,
    `    / sum ${by} (rate(onsale_stage_duration_seconds_count{stage="total"}[${window}]))`,
    '  ) >= 0, "of", "decisions", "", "")',
    `  or label_replace(avg_over_time(onsale:waiting_too_long:bool[${window}]), "of", "time", "", "")`,
    ')',
  ].join('\n');

export const objectives: readonly Objective[] = [
  {
    name: 'accepted',
    goal: 0.999,
    errorRatio: notAccepted,
    what: 'of all requests were not accepted in time',
    page: 'slo.md',
  },
  {
    name: 'decided',
    goal: 0.99,
    errorRatio: notDecided,
    what: 'of all decisions came too late, or of the time something waited too long',
    page: 'slo.md',
  },
];

/** Burn rates. Over 30 days, 2, 5, 10 and 10 % of the error budget are used up when each of them fires. */
const burns = [
  { long: '1h', short: '5m', times: 14.4, severity: 'critical' },
  { long: '6h', short: '30m', times: 6, severity: 'critical' },
  { long: '1d', short: '2h', times: 3, severity: 'warning' },
  { long: '3d', short: '6h', times: 1, severity: 'warning' },
] as const;

export const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

export const ratioName = (objective: Objective['name'], window: string): string =>
  `onsale:not_${objective}_in_time:ratio_rate${window}`;

/** 1 while the oldest entry of some partition waits for longer than a decision may take, or while no process reports it. */
const waitingTooLong: RecordingRule = {
  record: 'onsale:waiting_too_long:bool',
  expr: [
    `(max ${by} (onsale_lag_seconds) > bool ${decidedWithin})`,
    `or (group ${by} (onsale_bound_limit{bound="appends_in_flight"})`,
    `  unless on (cluster, namespace) group ${by} (onsale_lag_seconds))`,
  ].join('\n'),
};

export const sloRecordings = (): Group<RecordingRule> => ({
  name: 'onsale objectives, recorded',
  rules: [
    waitingTooLong,
    ...objectives.flatMap(({ name, errorRatio }) =>
      windows.map((window) => ({ record: ratioName(name, window), expr: errorRatio(window) })),
    ),
  ],
});

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const alertOf = (
  { name, goal, what, page }: Objective,
  severity: 'critical' | 'warning',
  pages: string,
): AlertRule => ({
  alert: `Onsale${capitalised(name)}Late${severity === 'critical' ? 'Fast' : 'Slowly'}`,
  expr: burns
    .filter((burn) => burn.severity === severity)
    .map(({ long, short, times }) => {
      const limit = Number((times * (1 - goal)).toFixed(6));
      return `(${ratioName(name, long)} > ${limit} and ${ratioName(name, short)} > ${limit})`;
    })
    .join('\nor '),
  labels: { severity },
  annotations: {
    summary: `{{ $value | humanizePercentage }} ${what}; ${Number(((1 - goal) * 100).toFixed(3))}% may be`,
    runbook_url: `${pages}${page}`,
  },
});

/** `pages`: the address of docs/operating, with a slash at its end. */
export const sloAlerts = (pages: string): Group<AlertRule> => ({
  name: 'onsale objectives',
  rules: objectives.flatMap((objective) => [
    alertOf(objective, 'critical', pages),
    alertOf(objective, 'warning', pages),
  ]),
});
