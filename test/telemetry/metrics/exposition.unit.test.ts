import { exposition, formatFor } from '../../../src/telemetry/metrics/exposition.ts';
import { mergeExpositions } from '../../../src/telemetry/metrics/merge-expositions.ts';
import type { Metric } from '../../../src/telemetry/metrics/metric.ts';
import { newRegistry } from '../../../src/telemetry/metrics/registry.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('what a scrape is answered');

const requests: Metric = {
  name: 'test.requests',
  type: 'counter',
  unit: '{request}',
  labels: ['why'],
  help: 'A "help"\nof two lines',
};
const waits: Metric = {
  name: 'test.wait',
  type: 'histogram',
  unit: 's',
  labels: [],
  help: 'Waits',
  bounds: [0.1, 1],
};
const share: Metric = { name: 'test.share', type: 'gauge', unit: '1', labels: [], help: 'Share' };

const filled = () => {
  const registry = newRegistry();
  registry.counter(requests, 'a "quoted\\" reason\n').value += 2;
  const wait = registry.histogram(waits);
  wait.observe(0.1);
  wait.observe(0.5, 3);
  wait.observe(7);
  wait.exemplify(0.5, 'c'.repeat(32), 1_700_000_000_123);
  registry.gauge(share, () => [{ value: 0.25 }]);
  return registry.collect();
};

const common = { role: 'command query' };

test('Prometheus gets names, units and escapes as its format wants them', () => {
  assert.is(
    exposition(filled(), { format: 'prometheus', common }),
    `# HELP test_requests_total A "help"\\nof two lines
# TYPE test_requests_total counter
test_requests_total{role="command query",why="a \\"quoted\\\\\\" reason\\n"} 2
# HELP test_wait_seconds Waits
# TYPE test_wait_seconds histogram
test_wait_seconds_bucket{role="command query",le="0.1"} 1
test_wait_seconds_bucket{role="command query",le="1.0"} 4
test_wait_seconds_bucket{role="command query",le="+Inf"} 5
test_wait_seconds_sum{role="command query"} 8.6
test_wait_seconds_count{role="command query"} 5
# HELP test_share_ratio Share
# TYPE test_share_ratio gauge
test_share_ratio{role="command query"} 0.25
`,
  );
});

test('OpenMetrics gets families without suffix, exemplars and an end', () => {
  const text = exposition(filled(), { format: 'openmetrics', common: {} });
  for (const line of [
    '# TYPE test_requests counter',
    '# UNIT test_wait_seconds seconds',
    `test_wait_seconds_bucket{le="1.0"} 4 # {trace_id="${'c'.repeat(32)}"} 0.5 1700000000.123`,
  ])
    assert.ok(text.split('\n').includes(line), `${line}\nin\n${text}`);
  assert.ok(text.endsWith('# EOF\n'));
});

test('a scraper that asks for OpenMetrics gets it, all others the older format', () => {
  assert.is(formatFor('application/openmetrics-text;version=1.0.0,text/plain;q=0.5'), 'openmetrics');
  assert.is(formatFor('text/plain'), 'prometheus');
  assert.is(formatFor(undefined), 'prometheus');
});

test('several processes are one exposition: each family once, with the samples of all', () => {
  const of = (role: string) => exposition(filled(), { format: 'openmetrics', common: { role } });
  const merged = mergeExpositions([of('api'), of('projector'), ''], 'openmetrics').split('\n');
  assert.is(merged.filter((line) => line === '# TYPE test_requests counter').length, 1);
  const gauge = merged.indexOf('test_share_ratio{role="api"} 0.25');
  assert.ok(gauge > 0);
  assert.is(merged[gauge + 1], 'test_share_ratio{role="projector"} 0.25');
  assert.is(merged.filter((line) => line === '# EOF').length, 1);
  assert.is(merged.at(-2), '# EOF');
});
