import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import { salePatch } from '../../../infra/k8s/scaled-object.ts';
import { paths } from '../../../infra/local/paths.ts';
import { assert, suite } from '../../support/suite.ts';
import { faultsOf } from './check-resource.ts';
import { buildComponents, buildReleased } from './kustomize.ts';
import { ourWorkloads } from './manifest.ts';
import { pageOfKubernetes } from './pages.ts';

const test = suite('Kubernetes from a released version', { timeoutMs: 60_000 });

const { version }: { version: string } = JSON.parse(readFileSync(join(paths.root, 'package.json'), 'utf8'));

/** The overlay on the page, as a user would copy it. */
const overlayOfPage = (): string =>
  /```yaml\n(# kustomization\.yaml: onsale from a released version[\s\S]*?)```/.exec(
    pageOfKubernetes(),
  )?.[1] ?? '';

test('the base runs the image of its own version, and the client has that version as well', () => {
  const client: { version: string } = JSON.parse(
    readFileSync(join(paths.root, 'packages/client/package.json'), 'utf8'),
  );
  assert.is(client.version, version);
  const images = ourWorkloads(buildComponents([])).map(({ pod }) => pod.containers[0]?.image);
  assert.equal(new Set(images), new Set([`onsale:${version}`]));
});

test('the overlay of the page is built from a tag, without a checkout, and runs what was released', () => {
  const page = overlayOfPage();
  assert.ok(page.includes(`?ref=v${version}`), page);
  const manifests = buildReleased(`v${version}`, (repository) => {
    const overlay: object = parse(page.replaceAll(/https:\S+?(?=\/\/infra)/g, repository));
    return overlay;
  });
  const images = ourWorkloads(manifests).map(({ pod }) => pod.containers[0]?.image);
  assert.ok(images.length >= 3);
  assert.equal(new Set(images), new Set([`registry.example/onsale:${version}`]));
  assert.equal(manifests.flatMap(faultsOf), []);
});

const replicasFor = (lags: readonly number[], sale: number): number => {
  const [{ value: formula }] = salePatch(lags.length);
  const named = Object.fromEntries(lags.map((lag, at) => [`p${at}`, lag]));
  return Number(runInNewContext(String(formula), { ...named, sale })) / 5_000;
};

test('before a sale there are as many projectors as it was given, and more where the lag asks for more', () => {
  assert.is(replicasFor([0, 0, 0], 8), 8);
  assert.is(replicasFor([50_000, 0, 0], 8), 10);
  assert.is(replicasFor([10_000, 0, 0], 1), 2, 'outside of its times the trigger says one');
  assert.is(replicasFor([-1, 0, 0], 1), 1, 'a lag that nobody knows is one share');
});
