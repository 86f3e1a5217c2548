import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { dashboardFiles } from '../../infra/grafana/dashboard-files.ts';
import { paths } from '../../infra/local/paths.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';
import { assert, suite } from '../support/suite.ts';
import { buildComponents } from './k8s/kustomize.ts';

const test = suite('dashboards');

test('the JSON that Grafana reads is what npm run dashboards writes', () => {
  for (const { file, text } of dashboardFiles)
    assert.is(readFileSync(file, 'utf8'), text, `${basename(file)} is old: npm run dashboards`);
});

test('no other JSON lies there, and none has the uid of another', () => {
  const there = readdirSync(join(paths.root, 'infra/grafana/dashboards'));
  assert.equal(there.toSorted(), dashboardFiles.map(({ file }) => basename(file)).toSorted());
  const uids = dashboardFiles.map(({ dashboard }) => dashboard.uid);
  assert.is(new Set(uids).size, dashboardFiles.length);
});

test('Kubernetes gets all of them, and Grafana finds them', () => {
  const component = buildComponents(['grafana-dashboards']);
  const [config] = component.filter(({ metadata }) => metadata.name === 'onsale-dashboards');
  assert.is(config?.metadata.labels?.['grafana_dashboard'], '1');
  assert.equal(
    config?.data,
    Object.fromEntries(dashboardFiles.map(({ file, text }) => [basename(file), text])),
  );
});

test('every panel has a sentence that says what it shows, and asks something', () => {
  for (const { text } of dashboardFiles) {
    const {
      panels,
    }: { panels: { type: string; title: string; description?: string; targets?: unknown[] }[] } =
      JSON.parse(text);
    const shown = panels.filter(({ type }) => type !== 'row');
    assert.ok(shown.length >= 8, `${shown.length} panels`);
    for (const { title, description, targets } of shown) {
      assert.ok(description, title);
      assert.ok((targets ?? []).length > 0, title);
    }
  }
});

test('every stage that is measured can be chosen in the trace explorer', () => {
  const explorer = dashboardFiles.find(({ name }) => name === 'trace-explorer');
  const query = explorer?.dashboard.templating?.list?.find(({ name }) => name === 'stage')?.query;
  const told = [...metricList.stage.help.matchAll(/([a-z-]+) \(/g)].map(([, stage]) => stage);
  assert.equal(String(query).split(',').toSorted(), told.toSorted());
});

test('a cluster and a namespace can be chosen on every dashboard', () => {
  for (const { name, dashboard } of dashboardFiles) {
    const variables = (dashboard.templating?.list ?? []).map((variable) => variable.name);
    assert.equal(variables.slice(0, 4), ['metrics', 'traces', 'cluster', 'namespace'], name);
  }
});

const queries: readonly string[] = dashboardFiles.flatMap(({ text }) => {
  const { panels }: { panels: { targets?: { expr?: string }[] }[] } = JSON.parse(text);
  return panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => expr ?? []));
});

test('every query asks only for the cluster and the namespace that are chosen', () => {
  assert.ok(queries.length >= 50, `${queries.length} queries`);
  for (const query of queries) {
    const [, ...selections] = query.split(/(?<=[a-z0-9])\{/);
    assert.ok(selections.length > 0, query);
    for (const selection of selections)
      assert.ok(selection.startsWith('cluster=~"$cluster",namespace=~"$namespace"'), query);
  }
});

test('a partition is one of its install: no panel adds two that have the same number', () => {
  for (const { text } of dashboardFiles)
    for (const [clause] of text.matchAll(/(?:by|on) \([^)]*partition[^)]*\)/g))
      assert.match(clause, /\(cluster, namespace, partition/);
});
