import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../../infra/local/paths.ts';
import { parseConfig, variables } from '../../../src/config.ts';
import { parsePrefer } from '../../../src/http/message/prefer.ts';
import { assert, suite } from '../../support/suite.ts';
import { variants } from './kustomize.ts';
import { fits, type Manifest, ourWorkloads, type Workload, workloadsOf } from './manifest.ts';
import { pageOfKubernetes, settingsLeftAtDefault } from './pages.ts';
import { environmentOf, secretKeys } from './resolve.ts';

const test = suite('Kubernetes and onsale agree');

const built = variants.map(({ name, build }) => ({ name, manifests: build() }));

const nameOf = ({ manifest }: Workload): string => `${manifest.kind} ${manifest.metadata.name}`;
const ofKind = (manifests: readonly Manifest[], kind: string): readonly Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);

/** `<kind> <name>` of every resource it refers to. */
const namedIn = (manifest: Manifest): readonly string[] => {
  const { spec } = manifest;
  const target = spec?.scaleTargetRef;
  const pod = spec?.template?.spec;
  const volumes = pod?.volumes ?? [];
  const backends =
    manifest.kind === 'HTTPRoute'
      ? [...JSON.stringify(spec).matchAll(/"name":"([a-z-]+)","port":80/g)].map(
          ([, name]) => `Service ${name}`,
        )
      : [];
  return [
    ...(target ? [`${target.kind ?? 'Deployment'} ${target.name}`] : []),
    ...(pod?.serviceAccountName ? [`ServiceAccount ${pod.serviceAccountName}`] : []),
    ...volumes.flatMap(({ configMap }) => (configMap ? [`ConfigMap ${configMap.name}`] : [])),
    ...volumes.flatMap(({ secret }) => (secret ? [`Secret ${secret.secretName}`] : [])),
    ...backends,
  ];
};

for (const { name, manifests } of built) {
  const ours = ourWorkloads(manifests);

  test(`${name}: what is set is a setting, and a process accepts all of it together`, () => {
    assert.ok(ours.length >= 3);
    for (const workload of ours) {
      const environment = environmentOf(workload, manifests);
      const unknown = Object.keys(environment).filter(
        (variable) => !variables.includes(variable) && !variable.startsWith('OTEL_'),
      );
      assert.equal(unknown, [], nameOf(workload));
      const isMigration = workload.manifest.kind === 'Job';
      const verdict = parseConfig(environment, isMigration ? ['databaseUrl'] : ['redisUrl', 'databaseUrl']);
      assert.equal(verdict.type === 'invalid' ? verdict.problems : [], [], nameOf(workload));
    }
  });

  test(`${name}: ports are those the process listens on, and probes and Services name them`, () => {
    for (const workload of ours) {
      const { HOST, OPS_HOST, PORT, OPS_PORT } = environmentOf(workload, manifests);
      assert.equal([HOST, OPS_HOST], ['::', undefined], 'pods have addresses of IPv4, of IPv6, or of both');
      const [container] = workload.pod.containers;
      const ports = new Map((container?.ports ?? []).map((port) => [port.name, port.containerPort]));
      if (ports.has('http')) assert.is(ports.get('http'), Number(PORT));
      if (workload.manifest.kind === 'Job') continue;
      assert.is(ports.get('ops'), Number(OPS_PORT));
      assert.is(ports.has('http'), !container?.args?.includes('projector'));
      const { startupProbe, livenessProbe, readinessProbe } = container ?? {};
      const asked = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet);
      assert.equal(asked, [
        { path: '/livez', port: 'ops' },
        { path: '/livez', port: 'ops' },
        { path: '/readyz', port: 'ops' },
      ]);
    }
  });

  test(`${name}: every selector finds pods`, () => {
    const pods = workloadsOf(manifests);
    const countOf = (labels: Readonly<Record<string, string>> = {}): number =>
      pods.filter((pod) => fits(labels, pod.labels)).length;
    for (const { metadata, spec } of ofKind(manifests, 'Service'))
      assert.is(countOf(spec?.selector), 1, metadata.name);
    for (const { metadata, spec } of ofKind(manifests, 'PodDisruptionBudget'))
      assert.is(countOf(spec?.selector?.matchLabels), 1, metadata.name);
    for (const { metadata, spec } of ofKind(manifests, 'NetworkPolicy'))
      assert.ok(countOf(spec?.podSelector?.matchLabels) > 0, metadata.name);
  });

  test(`${name}: pods have the labels that their own workload looks for`, () => {
    for (const workload of workloadsOf(manifests)) {
      const { matchLabels = {} } = workload.manifest.spec?.selector ?? {};
      assert.is(Object.keys(matchLabels).length > 0, workload.manifest.kind !== 'Job', nameOf(workload));
      const spread = workload.pod.topologySpreadConstraints ?? [];
      for (const wanted of [
        matchLabels,
        ...spread.map(({ labelSelector }) => labelSelector.matchLabels ?? {}),
      ])
        assert.ok(fits(wanted, workload.labels), nameOf(workload));
    }
  });

  test(`${name}: Services lead to ports that their pods have`, () => {
    const pods = workloadsOf(manifests);
    for (const { metadata, spec } of ofKind(manifests, 'Service')) {
      const target = pods.find((pod) => fits(spec?.selector ?? {}, pod.labels));
      const named = target?.pod.containers.flatMap(({ ports = [] }) => ports.map((port) => port.name)) ?? [];
      const missing = (spec?.ports ?? []).filter(({ targetPort }) => !named.includes(targetPort));
      assert.equal(missing, [], metadata.name);
    }
  });

  test(`${name}: what a resource names is there, or the page says to make it`, () => {
    const there = new Set(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    const page = pageOfKubernetes();
    const missing = manifests
      .flatMap(namedIn)
      .filter((named) => !there.has(named) && !page.includes(`\`${named.replace('Secret ', '')}\``));
    assert.equal(missing, []);
  });

  test(`${name}: pods are restricted, cannot write to their image, and know no token of the cluster`, () => {
    for (const workload of workloadsOf(manifests)) {
      const { pod } = workload;
      assert.is(pod.automountServiceAccountToken, false, nameOf(workload));
      assert.is(pod.securityContext?.runAsNonRoot, true, nameOf(workload));
      assert.is(pod.securityContext?.seccompProfile?.type, 'RuntimeDefault', nameOf(workload));
      for (const { securityContext, resources } of pod.containers) {
        assert.is(securityContext?.allowPrivilegeEscalation, false, nameOf(workload));
        assert.is(securityContext?.readOnlyRootFilesystem, true, nameOf(workload));
        assert.equal(securityContext?.capabilities, { drop: ['ALL'] }, nameOf(workload));
        assert.ok(resources?.requests && resources.limits?.['memory'], nameOf(workload));
      }
    }
    const [deny] = ofKind(manifests, 'NetworkPolicy').filter(
      ({ metadata }) => metadata.name === 'onsale-deny',
    );
    assert.equal(deny?.spec, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  test(`${name}: a pod that ends lets the longest wait end, and is granted the time that a process takes`, () => {
    const longestWait = (parsePrefer('wait=999')?.waitMs ?? 0) / 1_000;
    const ends = readFileSync(join(paths.root, 'src/cli/stop-signal.ts'), 'utf8');
    const stopLimit = Number(/stopLimitMs = (\d+)_000/.exec(ends)?.[1]);
    assert.ok(longestWait === 30 && stopLimit > 0);
    for (const workload of ours.filter(({ manifest }) => manifest.kind === 'Deployment')) {
      const [container] = workload.pod.containers;
      const pause = Number(container?.lifecycle?.preStop.exec.command[1] ?? 0);
      if (!container?.args?.includes('projector')) assert.ok(pause > longestWait, nameOf(workload));
      assert.ok((workload.pod.terminationGracePeriodSeconds ?? 0) > pause + stopLimit, nameOf(workload));
    }
  });

  test(`${name}: its kind of process runs as its own user, and the page names every key of its secret`, () => {
    const page = pageOfKubernetes();
    for (const workload of ours) {
      const [container] = workload.pod.containers;
      const roles = (container?.args ?? []).filter((word) => word !== 'serve');
      const role = roles.length === 2 ? 'api' : roles[0];
      const secret = container?.envFrom?.flatMap(({ secretRef }) => secretRef?.name ?? [])[0] ?? '';
      assert.is(secret.split('-').slice(0, 2).join('-'), `onsale-${role}`, nameOf(workload));
      for (const key of secretKeys(workload)) assert.ok(page.includes(`\`${key}\``), key);
    }
  });
}

test('every setting is set somewhere, or the page says that it is left at its default', () => {
  const set = new Set(
    built.flatMap(({ manifests }) =>
      ourWorkloads(manifests).flatMap((one) => Object.keys(environmentOf(one, manifests))),
    ),
  );
  const left = settingsLeftAtDefault();
  assert.equal(
    left.filter((variable) => !variables.includes(variable)),
    [],
  );
  assert.equal(
    left.filter((variable) => set.has(variable)),
    [],
  );
  assert.equal(
    variables.filter((variable) => !set.has(variable) && !left.includes(variable)),
    [],
  );
});

test('overlay production: every alert leads to where its people read the pages, which are those of docs/operating', () => {
  const { manifests = [] } = built.find(({ name }) => name === 'overlay production') ?? {};
  const rules = JSON.stringify(ofKind(manifests, 'PrometheusRule'));
  const pages = [...rules.matchAll(/"runbook_url":"([^"]*)"/g)].map(([, page = '']) => page);
  assert.ok(pages.length > 30, `${pages.length} alerts`);
  const here = readdirSync(join(paths.root, 'docs/operating'));
  for (const page of pages) {
    const [, file = ''] =
      /^https:\/\/wiki\.example\/onsale\/docs\/operating\/([a-z-]+\.md)$/.exec(page) ?? [];
    assert.ok(here.includes(file), page);
  }
});

test('every component occurs in what is checked here', () => {
  const used = [
    ...variants.map(({ name }) => name),
    readFileSync(join(paths.root, 'infra/k8s/overlays/production/kustomization.yaml'), 'utf8'),
  ].join('\n');
  const components = readdirSync(join(paths.root, 'infra/k8s/components'));
  assert.ok(components.length > 10);
  assert.equal(
    components.filter((component) => !new RegExp(`(^|[ /])${component}($|[ \\n])`, 'm').test(used)),
    [],
  );
});
