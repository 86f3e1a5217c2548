import { createConnection } from 'mysql2/promise';
import { dashboardFiles } from '../../infra/grafana/dashboard-files.ts';
import { stages } from '../../infra/grafana/trace-explorer.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { parseRecordings, parseRules, rulesFiles, ruleTestFiles } from '../infra/rules.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { call, openShow, reserved } from '../support/client.ts';
import { type Load, startLoad } from '../support/load.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { type Prometheus, promtool, startPrometheus } from '../support/prometheus.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a Prometheus that scrapes a running onsale', { timeoutMs: 60_000 });

const limitMs = 50_000;
let backends: Backends;
let onsale: Onsale;
let prometheus: Prometheus;
let load: Load;
let altered: string;

const env = { ONSALE_TRACES_VIEWED: '10000', OTEL_TRACES_SAMPLER: 'parentbased_always_on' };

const alterByHand = async (): Promise<void> => {
  const hand = await createConnection(backends.database.url);
  try {
    const id = Buffer.from(altered.replaceAll('-', ''), 'hex');
    await hand.query('UPDATE pools SET confirmed = 1, capacity = 1 WHERE show_id = ?', [id]);
  } finally {
    await hand.end();
  }
};

const figureOf = async (expr: string): Promise<number | undefined> =>
  (await prometheus.query(expr))[0]?.value;

const gauges = ['sum(onsale_oversold)', 'sum(onsale_drift)'];

test.before(async () => {
  backends = await startBackends();
  onsale = await startOnsale({ roles: ['command', 'query', 'projector'], ...backends.urls, env });
  prometheus = await startPrometheus(onsale.opsUrl, rulesFiles);
  const shows = [
    await openShow(onsale.url, { stalls: 1_000_000 }),
    await openShow(onsale.url, { stalls: 5 }),
  ];
  altered = await openShow(onsale.url, { stalls: 50 });
  await reserved(onsale.url, { customer: 'ann', showId: altered, quantity: 4 });
  // Owners check every ten seconds, so the rows are edited early and the result is tested late.
  assert.ok(await waitUntil(async () => (await figureOf(gauges[0] ?? '')) === 0, { limitMs }));
  await alterByHand();
  load = startLoad({ api: onsale.url, shows, workers: 4 });
});

test.after(async () => {
  await load?.stop();
  await prometheus?.stop();
  await onsale?.stop();
  await backends?.remove();
});

test('promtool accepts the rules, and every alert does what its test says', () => {
  const checked = promtool(['check', 'rules', ...rulesFiles]);
  assert.is(checked.code, 0, checked.output);
  const tested = promtool(['test', 'rules', ...ruleTestFiles]);
  assert.is(tested.code, 0, tested.output);
});

test('promtool has nothing to say against the metrics', async () => {
  const text = await (await fetch(`${onsale.opsUrl}/metrics`)).text();
  const { code, output } = promtool(['check', 'metrics'], text);
  assert.equal([code, output], [0, '']);
});

/** Every query of every panel, as Grafana would send it. */
const queries: readonly string[] = dashboardFiles.flatMap(({ dashboard }) => {
  const panels: { datasource?: { type: string }; targets?: { expr: string }[] }[] = JSON.parse(
    JSON.stringify(dashboard.panels),
  );
  return panels
    .filter(({ datasource }) => datasource?.type === 'prometheus')
    .flatMap(({ targets = [] }) => targets)
    .map(({ expr }) => expr.replaceAll('$__rate_interval', '5s').replaceAll(/\$(cluster|namespace)\b/g, '.*'))
    .flatMap((expr) =>
      expr.includes('$stage') ? stages.map((stage) => expr.replaceAll('$stage', stage)) : expr,
    );
});

test('every query of every panel returns data while there is load', async () => {
  assert.ok(queries.length >= 40, `${queries.length} queries`);
  let missing = queries;
  const all = await waitUntil(
    async () => {
      const answers = await Promise.all(
        missing.map(async (expr) => ({ expr, samples: await prometheus.query(expr) })),
      );
      missing = answers.flatMap(({ expr, samples }) =>
        samples.some(({ value }) => Number.isFinite(value)) ? [] : expr,
      );
      return missing.length === 0;
    },
    { limitMs, everyMs: 250 },
  );
  assert.ok(all, `no data for\n${missing.join('\n')}`);
});

test('an exemplar of a stage leads to its trace', async () => {
  let found = '';
  const led = await waitUntil(
    async () => {
      const ids = await prometheus.exemplars('onsale_stage_duration_seconds_bucket{stage="total"}');
      const latest = ids.at(-1);
      if (latest === undefined) return false;
      found = String((await call(`${onsale.opsUrl}/traces/${latest}`)).body['text']);
      return found.includes('decide');
    },
    { limitMs, everyMs: 250 },
  );
  assert.ok(led, found);
});

test('a row altered by hand moves both gauges, and their alerts fire', async () => {
  const firing = 'ALERTS{alertname=~"OnsaleOversold|OnsaleDrift", alertstate="firing"}';
  let names: readonly string[] = [];
  const both = await waitUntil(
    async () => {
      names = (await prometheus.query(firing)).map(({ metric }) => metric['alertname'] ?? '');
      return names.length === 2;
    },
    { limitMs, everyMs: 250 },
  );
  assert.ok(both, names.join());
  const before = gauges.map((gauge) => `min_over_time((${gauge})[5m:500ms])`);
  assert.equal(await Promise.all([...before, ...gauges].map(figureOf)), [0, 0, 3, 3]);
});

test('alerts are evaluated without error, and what is missing nowhere alerts nobody', async () => {
  const rules = await prometheus.rules();
  assert.equal(
    rules.map(({ name }) => name).toSorted(),
    [...parseRules().map(({ alert }) => alert), ...parseRecordings().map(({ record }) => record)].toSorted(),
  );
  assert.equal(
    rules.filter(({ health }) => health !== 'ok'),
    [],
  );
  const quiet = ['OnsalePartitionWithoutOwner', 'OnsaleNoProjector', 'OnsaleNoApi', 'OnsaleProcessDown'];
  for (const { alert, expr } of parseRules().filter((rule) => quiet.includes(rule.alert)))
    assert.equal(await prometheus.query(expr), [], alert);
});
