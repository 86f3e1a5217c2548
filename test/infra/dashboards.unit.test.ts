import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { dashboardFiles } from '../../infra/grafana/dashboard-files.ts';
import { paths } from '../../infra/local/paths.ts';
import { metricList } from '../../src/telemetry/metric-list.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('dashboards');

test('the JSON that Grafana reads is what npm run dashboards writes', () => {
  for (const { file, text } of dashboardFiles)
    assert.is(readFileSync(file, 'utf8'), text, `${basename(file)} is old: npm run dashboards`);
});

test('no other JSON lies there, and none has the uid of another', () => {
  const there = readdirSync(join(paths.root, 'infra/grafana/dashboards'));
  assert.equal(there.toSorted(), dashboardFiles.map(({ file }) => basename(file)).toSorted());
  const uids = dashboardFiles.map(({ dashboard }) => dashboard.uid);
  assert.is(new Set(uids).size, 3);
});

test('every panel has a sentence that says what it shows, and asks something', () => {
  for (const { text } of dashboardFiles) {
    const {
      panels,
    }: { panels: { type: string; title: string; description?: string; targets?: unknown[] }[] } =
      JSON.parse(text);
    const shown = panels.filter(({ type }) => type !== 'row');
    assert.ok(shown.length >= 8);
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
