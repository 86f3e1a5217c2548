import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { nodeArguments } from '../../infra/local/node-arguments.ts';
import { paths } from '../../infra/local/paths.ts';
import { parseConfig, variables } from '../../src/config.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('containers');

const read = (path: string): string => readFileSync(join(paths.root, path), 'utf8');

interface Instruction {
  readonly verb: string;
  readonly rest: string;
}

/**
 * The instructions of each stage, from its FROM on, without comments and blank lines; continued lines are
 * joined.
 */
const stages: readonly (readonly Instruction[])[] = (() => {
  const lines = read('infra/docker/Dockerfile').replaceAll(/\\\n/g, ' ').split('\n');
  const instructions = lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ verb: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));
  const starts = instructions.flatMap(({ verb }, at) => (verb === 'FROM' ? [at] : []));
  return starts.map((start, n) => instructions.slice(start, starts[n + 1]));
})();

const final = stages.at(-1) ?? [];
const valuesOf = (verb: string, stage: readonly Instruction[] = final): readonly string[] =>
  stage.flatMap((instruction) => (instruction.verb === verb ? [instruction.rest] : []));

test('the image is built in stages, and the last one has what runs and nothing that builds', () => {
  assert.ok(stages.length >= 3, `${stages.length} stages`);
  assert.equal(valuesOf('RUN'), []);
  const copied = valuesOf('COPY').map((line) => line.split(' ').at(-1));
  assert.equal(copied.toSorted(), ['./', './dist', './node_modules']);
  const from = /--from=(\S+) \/app\/node_modules/.exec(valuesOf('COPY').join('\n'))?.[1];
  const dependencies = stages.find((stage) => stage[0]?.rest.endsWith(`AS ${from}`)) ?? [];
  assert.match(valuesOf('RUN', dependencies).join(), '"--omit=dev"');
});

test('every base is Node 24 with a minor, or a stage of the same file', () => {
  const names = stages.flatMap((stage) => / AS (\S+)$/.exec(stage[0]?.rest ?? '')?.[1] ?? []);
  for (const stage of stages) {
    const base = stage[0]?.rest.split(' ')[0] ?? '';
    assert.ok(/^node:24\.\d+-[a-z]+-slim$/.test(base) || names.includes(base), base);
  }
  assert.match(final[0]?.rest ?? '', /^node:24\./);
});

test('it runs as a user that is not root, by number, and Node is process 1', () => {
  assert.match(valuesOf('USER').at(-1) ?? '', /^[1-9]\d*:[1-9]\d*$/);
  assert.equal(JSON.parse(valuesOf('ENTRYPOINT')[0] ?? ''), ['node', ...nodeArguments, '/app/dist/main.js']);
  for (const stage of stages)
    for (const line of ['RUN', 'CMD', 'ENTRYPOINT'].flatMap((verb) => valuesOf(verb, stage)))
      assert.ok(Array.isArray(JSON.parse(line)), `${line} is a command of a shell`);
});

test('what is copied from the checkout is there, and reaches the build', () => {
  const ignore = read('.dockerignore');
  assert.match(ignore, /^\*$/m);
  const sources = stages
    .flatMap((stage) => valuesOf('COPY', stage))
    .filter((line) => !line.startsWith('--from'))
    .flatMap((line) => line.split(' ').slice(0, -1));
  assert.ok(sources.length >= 6);
  for (const source of sources.map((path) => path.replace(/^\.\//, ''))) {
    assert.ok(existsSync(join(paths.root, source)), source);
    assert.ok(ignore.split('\n').includes(`!${source}`), source);
  }
  assert.not.match(ignore, /^!(\.onsale|node_modules|\.git|test)/m);
});

interface Service {
  readonly image: string;
  readonly build?: object;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
}

const parseCompose = (): Compose => parse(read('infra/compose.yaml'), { merge: true }) as Compose;
const { services, volumes } = parseCompose();
const ours = Object.entries(services).filter(([, { build }]) => build);

/** Fills in the defaults, as compose does for variables that the shell does not set. */
const filledIn = (environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')]),
  );

test('compose: every process accepts its settings, and connects as its own user', () => {
  assert.equal(ours.map(([name]) => name).toSorted(), ['api', 'migrate', 'projector']);
  for (const [name, { environment = {} }] of ours) {
    const settings = filledIn(environment);
    const unknown = Object.keys(settings).filter(
      (variable) => !variables.includes(variable) && !variable.startsWith('OTEL_'),
    );
    assert.equal(unknown, [], name);
    const verdict = parseConfig(settings, ['databaseUrl', ...(name === 'api' ? (['idKeys'] as const) : [])]);
    assert.equal(verdict.type === 'invalid' ? verdict.problems : [], [], name);
    for (const url of ['REDIS_URL', 'DATABASE_URL'].flatMap((variable) => settings[variable] ?? [])) {
      assert.is(new URL(url).username, `onsale-${name}`);
      assert.ok(new URL(url).hostname in services, url);
    }
  }
});

test('compose: the users it connects as are made, with those passwords', () => {
  const redis = read('infra/redis/users.conf');
  const mysql = read('infra/mysql/users.sql');
  const urls = ours.flatMap(([, { environment = {} }]) =>
    ['REDIS_URL', 'DATABASE_URL'].flatMap((variable) => environment[variable] ?? []),
  );
  assert.is(urls.length, 5);
  for (const url of urls) {
    const { protocol, username, password } = new URL(url);
    const made =
      protocol === 'redis:'
        ? redis.includes(`user ${username} reset on >${password} `)
        : mysql.includes(`'${username}'@'%' IDENTIFIED BY '${password}'`);
    assert.ok(made, url);
  }
});

test('compose: files that are mounted are there, and volumes are named', () => {
  const mounted = Object.values(services).flatMap((service) => service.volumes ?? []);
  assert.ok(mounted.length >= 7);
  for (const [source = ''] of mounted.map((mount) => mount.split(':')))
    assert.ok(
      source.startsWith('./') ? existsSync(join(paths.root, 'infra', source)) : source in volumes,
      source,
    );
});

test('compose: roles wait for the migration, cannot write to their image, and nothing is published but on loopback', () => {
  for (const [name, service] of ours) {
    assert.ok(service.read_only, name);
    assert.equal(service.cap_drop, ['ALL'], name);
    assert.is(Number.parseInt(service.stop_grace_period ?? '', 10) > 20, true, name);
    if (name === 'migrate') continue;
    assert.is(service.depends_on?.['migrate']?.condition, 'service_completed_successfully', name);
    assert.match(
      service.healthcheck?.test.join(' ') ?? '',
      `127.0.0.1:${service.environment?.['OPS_PORT']}/readyz`,
    );
  }
  for (const port of Object.values(services).flatMap((service) => service.ports ?? []))
    assert.match(port, /^127\.0\.0\.1:/);
  const [published] = services['api']?.ports ?? [];
  assert.is(published?.split(':').at(-1), services['api']?.environment?.['PORT']);
});

test('compose: whatever serves comes back when it ends or the machine restarts; the migration runs once', () => {
  for (const [name, { restart }] of Object.entries(services))
    assert.is(restart, name === 'migrate' ? 'no' : 'unless-stopped', name);
});
