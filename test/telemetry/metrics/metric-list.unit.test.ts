import { readdirSync, readFileSync } from 'node:fs';
import { type Metric, prometheusName } from '../../../src/telemetry/metrics/metric.ts';
import { metricList } from '../../../src/telemetry/metrics/metric-list.ts';
import { telemetryPageUrl, withMetrics } from '../../reference/telemetry-page.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the list of metrics');

const all: readonly Metric[] = Object.values(metricList);
const sourceOf = (folder: string): readonly string[] => {
  const root = new URL(`../../../src/${folder}/`, import.meta.url);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, root), 'utf8'));
};

test('docs/reference/telemetry.md has every metric as the code has it, and no other', () => {
  const page = readFileSync(telemetryPageUrl, 'utf8');
  assert.is(page, withMetrics(page), 'npm run reference makes it anew');
});

test('names are valid and nobody has the name of another', () => {
  const names = all.map(prometheusName);
  for (const name of names) assert.match(name, /^[a-z][a-z0-9_]*$/);
  assert.is(new Set(names).size, names.length);
});

test('no label is an id', () => {
  for (const { labels } of all)
    for (const label of labels)
      assert.not.match(label, /(^|[._])(id|customer|show|reservation|trace|reference)$/);
});

test('only histograms have bounds, which rise', () => {
  for (const { type, bounds } of all) {
    assert.is(type === 'histogram', bounds !== undefined);
    assert.equal(bounds, bounds && [...bounds].sort((a, b) => a - b));
  }
});

test('every metric of the list is told by somebody', () => {
  const sources = [...sourceOf('telemetry'), ...sourceOf('cli')].join('\n');
  for (const name of Object.keys(metricList)) assert.match(sources, `metricList.${name}`, name);
});

test('the SDK is loaded by two modules alone, and those only when they are asked for', () => {
  const folders = ['telemetry', 'cli', 'http', 'command', 'projector', 'query', 'log', 'store', 'lease'];
  const sources = folders.flatMap(sourceOf);
  const loading = sources.filter((text) => /^import (?!type\b).*['}] from '@opentelemetry\//ms.test(text));
  assert.is(loading.length, 2);
  const statically = /^import (?!type\b)[^;]*from '\.[^']*\/(start-sdk|export-metrics)\.ts'/m;
  // One of the two modules imports the other.
  assert.is(sources.filter((text) => statically.test(text)).length, 1);
});
