import { prometheusName } from '../../src/telemetry/metrics/metric.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';

/** PromQL over our own metrics: a name or label that does not exist does not compile. */
type Name = keyof typeof metricList;
type Underscored<Text extends string> = Text extends `${infer Head}.${infer Tail}`
  ? `${Head}_${Underscored<Tail>}`
  : Text;
type Label<Of extends Name> =
  | Underscored<(typeof metricList)[Of]['labels'][number]>
  | 'instance'
  | 'role'
  | 'cluster'
  | 'namespace';

interface Selection<Of extends Name> {
  readonly by?: readonly Label<Of>[];
  /** By label, a regular expression that its value has to match; with `!` in front, must not match. */
  readonly where?: Readonly<Partial<Record<Label<Of>, string>>>;
}

const matcher = ([label, value]: readonly [string, unknown]): string => {
  const text = String(value);
  return text.startsWith('!') ? `${label}!~"${text.slice(1)}"` : `${label}=~"${text}"`;
};

/** The selection at the top of the dashboard; where Prometheus has no such label, everything matches. */
const chosen = 'cluster=~"$cluster",namespace=~"$namespace"';

/** Labels of an install: partition 3 of one is not partition 3 of another. */
export const install = ['cluster', 'namespace'] as const;

const selected = (name: string, where: object = {}): string =>
  `${name}{${[chosen, ...Object.entries(where).map(matcher)].join(',')}}`;

const nameOf = (metric: Name): string => prometheusName(metricList[metric]);
const grouped = (by: readonly string[] = []): string => (by.length === 0 ? '' : ` by (${by.join(', ')})`);
const window = '[$__rate_interval]';

export const perSecond = <Of extends Name>(metric: Of, { by, where }: Selection<Of> = {}): string => {
  const name = metricList[metric].type === 'histogram' ? `${nameOf(metric)}_count` : nameOf(metric);
  return `sum${grouped(by)} (rate(${selected(name, where)}${window}))`;
};

export const quantile = <Of extends Name>(
  share: number,
  metric: Of,
  { by = [], where }: Selection<Of> = {},
): string =>
  `histogram_quantile(${share}, sum${grouped([...by, 'le'])} (rate(${selected(`${nameOf(metric)}_bucket`, where)}${window})))`;

/** The count of each bucket. */
export const buckets = <Of extends Name>(metric: Of, { where }: Pick<Selection<Of>, 'where'> = {}): string =>
  `sum by (le) (increase(${selected(`${nameOf(metric)}_bucket`, where)}${window}))`;

const gauge =
  (how: 'sum' | 'max' | 'count') =>
  <Of extends Name>(metric: Of, { by, where }: Selection<Of> = {}): string =>
    `${how}${grouped(by)} (${selected(nameOf(metric), where)})`;

export const sumOf = gauge('sum');
export const mostOf = gauge('max');
export const countOf = gauge('count');

/** An event that never happened has no series: that is zero, not unknown. */
export const orZero = (query: string): string => `(${query}) or vector(0)`;

/** By partition, those without an owner. */
export const ownerless = `${mostOf('lagEntries', { by: [...install, 'partition'] })} unless on (cluster, namespace, partition) (${sumOf('leaseOwner', { by: [...install, 'partition'] })} > 0)`;

/** How often a process started again at the same address, within that time. */
export const restartsIn = (range: string): string =>
  `sum (changes(${selected(nameOf('startTime'))}[${range}]))`;

/** What Prometheus records for our objectives (infra/prometheus/slo-rules.ts). */
export const recorded = (name: string): string => selected(name);

/** The mean of the recorded ratio over the window of the objective. */
export const recordedOver = (name: string, range: string): string =>
  `avg_over_time(${selected(name)}[${range}])`;
