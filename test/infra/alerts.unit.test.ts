import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { prometheusRuleFile } from '../../infra/prometheus/prometheus-rule-file.ts';
import { prometheusName } from '../../src/telemetry/metric.ts';
import { metricList } from '../../src/telemetry/metric-list.ts';
import { assert, suite } from '../support/suite.ts';
import { parseRules, parseRuleTests } from './rules.ts';

const test = suite('alerts');

const rules = parseRules();

test('every alert leads to a page that is there and names the alert', () => {
  assert.ok(rules.length >= 15);
  for (const { alert, annotations } of rules) {
    const page = join(paths.root, annotations.runbook_url);
    assert.match(annotations.runbook_url, /^docs\/operating\/[a-z-]+\.md$/);
    assert.ok(existsSync(page), annotations.runbook_url);
    assert.ok(readFileSync(page, 'utf8').includes(`\`${alert}\``), `${annotations.runbook_url}: ${alert}`);
  }
});

test('every alert asks for metrics that exist', () => {
  const names = new Set(Object.values(metricList).map(prometheusName));
  for (const { alert, expr } of rules) {
    const asked = [...expr.matchAll(/\b((?:onsale|nodejs|http|process)_[a-z_0-9]+)\s*[{[)]/g)].map(
      ([, name = '']) => name.replace(/_(bucket|count|sum)$/, ''),
    );
    assert.ok(asked.length > 0 || expr.startsWith('up{'), alert);
    for (const name of asked) assert.ok(names.has(name), `${alert}: ${name}`);
  }
});

test('promtool tests every alert as it fires and as it does not', () => {
  const cases = parseRuleTests().flatMap(({ alert_rule_test: checks }) => checks);
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

test('Kubernetes gets the same alerts', () => {
  const { file, text } = prometheusRuleFile();
  assert.is(readFileSync(file, 'utf8'), text, 'it is old: npm run alerts');
});

test('docs/operating/observability.md has every alert with its page, and no other', () => {
  const page = readFileSync(join(paths.root, 'docs/operating/observability.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(Onsale\w+)` \| (\w+) \| .* \| \[[^\]]+\]\(([a-z-]+\.md)\) \|$/gm)];
  assert.equal(
    listed.map(([, alert, severity, file]) => [alert, severity, `docs/operating/${file}`]),
    rules.map(({ alert, labels, annotations }) => [alert, labels.severity, annotations.runbook_url]),
  );
});
