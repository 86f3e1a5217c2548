import { readFileSync } from 'node:fs';
import { scaledObjectFiles } from '../../../infra/k8s/scaled-object-files.ts';
import { assert, suite } from '../../support/suite.ts';
import { faultsOf } from './check-resource.ts';
import { buildOverlay, variants } from './kustomize.ts';
import type { Manifest } from './manifest.ts';

const test = suite('what is applied to Kubernetes');

for (const { name, build } of variants) {
  test(`${name}: every resource is as its schema wants it, without a field that nobody knows`, () => {
    const manifests = build();
    assert.ok(manifests.length > 10, `${manifests.length} resources`);
    assert.equal(manifests.flatMap(faultsOf), []);
  });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Paths of all objects in it that have named fields; for a list, of its first element. A map may have any
 * key.
 */
const objectsIn = (value: object, path: readonly string[] = []): readonly (readonly string[])[] => [
  ...(Array.isArray(value) ? [] : [path]),
  ...Object.entries(Array.isArray(value) ? value.slice(0, 1) : value).flatMap(
    ([key, child]: [string, unknown]) =>
      isObject(child) && !maps.has(key) ? objectsIn(child, [...path, key]) : [],
  ),
];

const maps = new Set([
  'labels',
  'annotations',
  'matchLabels',
  'data',
  'stringData',
  'requests',
  'limits',
  // A trigger's metadata may be anything; the metadata of the resource itself is checked separately below.
  'metadata',
]);

const isSelectorOfService = ({ kind }: Manifest, path: readonly string[]): boolean =>
  kind === 'Service' && path.at(-1) === 'selector';

const mistyped = (manifest: Manifest, path: readonly string[]): Manifest => {
  const copy = structuredClone(manifest);
  let place: unknown = copy;
  for (const key of path) place = isObject(place) ? Reflect.get(place, key) : undefined;
  if (isObject(place)) Reflect.set(place, 'mistyped', 'x');
  return copy;
};

test('a field that is mistyped is found, wherever it stands', () => {
  const unseen = buildOverlay('production').flatMap((manifest) =>
    objectsIn(manifest)
      .filter((path) => !isSelectorOfService(manifest, path))
      .filter(
        (path) => !faultsOf(mistyped(manifest, path)).some((fault) => /mistyped|properties/.test(fault)),
      )
      .map((path) => `${manifest.kind} ${manifest.metadata.name} /${path.join('/')}`),
  );
  assert.equal(unseen, []);
});

test('a value of the wrong type, a field that is missing and a kind without a schema are found', () => {
  const [deployment] = buildOverlay('local').filter(({ kind }) => kind === 'Deployment');
  assert.ok(deployment);
  const { template: _template, ...spec } = deployment?.spec ?? {};
  if (!deployment) return;
  assert.match(faultsOf({ ...deployment, spec }).join(), /template/);
  assert.match(faultsOf({ ...deployment, spec: JSON.parse('{"replicas":"two"}') }).join(), /replicas/);
  assert.match(faultsOf({ ...deployment, kind: 'Deploymint' }).join(), /no schema of this kind/);
  assert.match(faultsOf({ ...deployment, apiVersion: 'apps/v1beta1' }).join(), /is not apps\/v1/);
});

test('both ScaledObjects are what npm run scaled-objects writes for the partitions of the base', () => {
  const config = readFileSync(new URL('../../../infra/k8s/base/config.env', import.meta.url), 'utf8');
  const partitions = Number(/^ONSALE_PARTITIONS=(\d+)$/m.exec(config)?.[1]);
  for (const { file, text } of scaledObjectFiles(partitions))
    assert.is(readFileSync(file, 'utf8'), text, file);
});
