import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { pagesOf, ruleFiles } from '../../infra/prometheus/prometheus-rule-file.ts';
import { prometheusName } from '../../src/telemetry/metrics/metric.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';
import { assert, suite } from '../support/suite.ts';
import { parseRecordings, parseRules, parseRuleTests } from './rules.ts';

const test = suite('alerts');

const rules = parseRules();
const recordings = parseRecordings();

const pageOf = (address: string): string => address.split('/').at(-1) ?? '';

test('every alert leads to a page that is there and names the alert', () => {
  assert.ok(rules.length >= 15);
  for (const { alert, annotations } of rules) {
    const page = join(paths.root, 'docs/operating', pageOf(annotations.runbook_url));
    assert.match(annotations.runbook_url, /^https:\/\/onsale\.example\/docs\/operating\/[a-z-]+\.md$/);
    assert.ok(existsSync(page), annotations.runbook_url);
    assert.ok(readFileSync(page, 'utf8').includes(`\`${alert}\``), `${annotations.runbook_url}: ${alert}`);
  }
});

test('every alert asks for metrics that exist, or for what is recorded', () => {
  const names = new Set(Object.values(metricList).map(prometheusName));
  const recorded = new Set(recordings.map(({ record }) => record));
  for (const [name, expr] of [
    ...rules.map(({ alert, expr: asks }) => [alert, asks] as const),
    ...recordings.map(({ record, expr: asks }) => [record, asks] as const),
  ]) {
    const ofRecordings = [...expr.matchAll(/\bonsale:[a-z_0-9:]+/g)].map(([found]) => found);
    for (const found of ofRecordings) assert.ok(recorded.has(found), `${name}: ${found}`);
    const asked = [...expr.matchAll(/\b((?:onsale|nodejs|http|process)_[a-z_0-9]+)\s*[{[)]/g)].map(
      ([, name = '']) => name.replace(/_(bucket|count|sum)$/, ''),
    );
    assert.ok(asked.length + ofRecordings.length > 0 || expr.startsWith('up{'), name);
    for (const metric of asked) assert.ok(names.has(metric), `${name}: ${metric}`);
  }
});

test('promtool tests every alert as it fires and as it does not', () => {
  const cases = parseRuleTests().flatMap(({ alert_rule_test: checks = [] }) => checks);
  for (const { alert } of rules) {
    const own = cases.filter(({ alertname }) => alertname === alert);
    assert.ok(
      own.some(({ exp_alerts: fired }) => fired.length > 0),
      alert,
    );
    assert.ok(
      own.some(({ exp_alerts: fired }) => fired.length === 0),
      alert,
    );
  }
  assert.is(new Set(rules.map(({ alert }) => alert)).size, rules.length);
});

test('every rule is about one install: what is summed is summed by cluster and namespace', () => {
  for (const { expr } of [...rules, ...recordings]) {
    const groupings = [...expr.matchAll(/\b(?:sum|max|min|avg|count|group)\b([^(]*)\(([^)]*)/g)];
    for (const [whole, clause = '', labels = ''] of groupings)
      assert.ok(/^ by $/.test(clause) && labels.startsWith('cluster, namespace'), `${whole} in ${expr}`);
    for (const [whole] of expr.matchAll(/\bon \((?!cluster, namespace)[^)]*\)/g)) assert.unreachable(whole);
  }
});

test('Kubernetes gets the same alerts, and what is made of them is made of them', () => {
  for (const { file, text } of ruleFiles())
    assert.is(readFileSync(file, 'utf8'), text, `${file} is old: npm run alerts`);
});

test('npm run alerts leads every alert to the pages of whoever runs it', () => {
  const before = ruleFiles();
  const after = ruleFiles(pagesOf('https://wiki.example/onsale'));
  for (const [at, { text }] of after.entries()) {
    assert.not.match(text, /onsale\.example/);
    const count = (of: string, address: string) => of.split(`runbook_url: ${address}`).length;
    assert.is(
      count(text, 'https://wiki.example/onsale/'),
      count(before[at]?.text ?? '', 'https://onsale.example/docs/operating/'),
    );
  }
  assert.is(pagesOf('https://wiki.example/onsale//'), 'https://wiki.example/onsale/');
  assert.is(pagesOf('docs/operating'), undefined);
});

test('docs/operating/observability.md has every alert with its page, and no other', () => {
  const page = readFileSync(join(paths.root, 'docs/operating/observability.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(Onsale\w+)` \| (\w+) \| .* \| \[[^\]]+\]\(([a-z-]+\.md)\) \|$/gm)];
  assert.equal(
    listed.map(([, alert, severity, file]) => [alert, severity, file]),
    rules.map(({ alert, labels, annotations }) => [alert, labels.severity, pageOf(annotations.runbook_url)]),
  );
});
