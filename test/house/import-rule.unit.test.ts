import { assert, suite } from '../support/suite.ts';
import { type Finding, lintFiles } from './lint-files.ts';

const test = suite('house: who may import whom');

const rooms = [
  'audit',
  'domain',
  'log',
  'lease',
  'store',
  'command',
  'projector',
  'query',
  'http',
  'telemetry',
  'cli',
  'client',
  'shared',
];
const http = ['fastify', '@fastify/swagger', 'typebox', 'typebox/value'];
const store = ['drizzle-orm', 'drizzle-orm/mysql2', 'mysql2', 'mysql2/promise'];
const otel = ['@opentelemetry/sdk-trace', '@opentelemetry/exporter-trace-otlp-proto'];
const own = '@opentelemetry/api';
const node = 'node:fs';

/** Everything that a file might import: each room's contract and another file of it, and each package. */
const everything: readonly string[] = [
  './neighbour.ts',
  ...rooms.flatMap((room) => [`../${room}/contract.ts`, `../${room}/other.ts`]),
  '../shared/backoff.ts',
  '../domain/ports.ts',
  '../config.ts',
  '../main.ts',
  ...http,
  ...store,
  ...otel,
  own,
  'ioredis',
  'cluster-key-slot',
  'pino',
  'jose',
  'openapi-fetch',
  'left-pad',
  node,
];

const all = (room: string): readonly string[] =>
  everything.filter((specifier) => specifier.startsWith(`../${room}/`));
const contract = (room: string): readonly string[] => [`../${room}/contract.ts`];
const ourFiles = everything.filter((specifier) => specifier.startsWith('.'));

/** The import rule, room by room. Anything not listed is refused. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  audit: ['./neighbour.ts', ...all('domain'), ...contract('log'), ...contract('store')],
  domain: ['./neighbour.ts'],
  shared: ['./neighbour.ts', '../domain/ports.ts', node],
  log: [
    './neighbour.ts',
    ...all('domain'),
    ...all('shared'),
    'ioredis',
    'cluster-key-slot',
    'typebox',
    'typebox/value',
    own,
    node,
  ],
  lease: ['./neighbour.ts', ...all('domain'), ...all('shared'), 'ioredis', own, node],
  store: ['./neighbour.ts', ...all('domain'), ...all('shared'), ...store, own, node],
  command: ['./neighbour.ts', ...all('domain'), ...all('http'), ...contract('log'), ...http, own],
  projector: [
    './neighbour.ts',
    ...all('domain'),
    '../shared/backoff.ts',
    ...['log', 'lease', 'store'].flatMap(contract),
    own,
  ],
  query: [
    './neighbour.ts',
    ...all('domain'),
    ...all('shared'),
    ...all('http'),
    ...['log', 'store'].flatMap(contract),
    ...http,
    own,
    node,
  ],
  http: [
    './neighbour.ts',
    ...all('domain'),
    ...all('shared'),
    ...contract('log'),
    ...http,
    'jose',
    'pino',
    own,
    node,
  ],
  telemetry: [
    './neighbour.ts',
    ...all('domain'),
    ...all('shared'),
    ...['log', 'lease', 'store'].flatMap(contract),
    'pino',
    ...otel,
    own,
    node,
  ],
  cli: [...ourFiles, own, node],
  client: ['./neighbour.ts', 'openapi-fetch'],
};

/** A room's own files, imported by a detour through its parent, are still its neighbours. */
const asked = (room: string): readonly string[] =>
  everything.filter((specifier) => !specifier.startsWith(`../${room}/`));

const fileFor = (room: string, specifier: string): string =>
  `src/${room}/imports-${specifier.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}.ts`;

const text = (specifier: string): string => `import { it } from '${specifier}';\nexport const mine = [it];\n`;

const inMain = [
  './config.ts',
  './log/append.ts',
  'pino',
  own,
  node,
  'ioredis',
  'fastify',
  'drizzle-orm',
  'mysql2',
];
const mainText = inMain.map((specifier, n) => `import { it as it${n} } from '${specifier}';`).join('\n');
const typeOnly = "import type { Redis } from 'ioredis';\nexport type Mine = Redis;\n";

let refused: readonly Finding[] = [];

test.before(async () => {
  const files = rooms.flatMap((room) =>
    asked(room).map((specifier) => [fileFor(room, specifier), text(specifier)] as const),
  );
  const findings = await lintFiles({
    ...Object.fromEntries(files),
    'src/main.ts': `${mainText}\nexport const mine = [${inMain.map((_, n) => `it${n}`)}];\n`,
    'src/config.ts': text('./log/append.ts'),
    'src/config/masked.ts': text('../shared/mask-url.ts'),
    'src/store/type-only.ts': typeOnly,
    'src/store/dynamic.ts': "export const lazy = (): Promise<unknown> => import('../log/append.ts');\n",
  });
  refused = findings.filter(({ rule }) => rule === 'noRestrictedImports');
});

const isRefused = (path: string): boolean => refused.some((finding) => finding.path === path);

for (const room of rooms) {
  test(`${room} imports what its line of the import rule names, and nothing else`, () => {
    assert.equal(
      asked(room).filter((specifier) => !isRefused(fileFor(room, specifier))),
      asked(room).filter((specifier) => mayImport[room]?.includes(specifier)),
    );
  });
}

test('main imports every room, and no package that belongs to one', () => {
  assert.is(refused.filter(({ path }) => path === 'src/main.ts').length, 4);
});

test('config imports no room but shared', () => {
  assert.ok(isRefused('src/config.ts'));
  assert.not(isRefused('src/config/masked.ts'));
});

test('a type is an import too', () => assert.ok(isRefused('src/store/type-only.ts')));

test('so is an import at run time', () => assert.ok(isRefused('src/store/dynamic.ts')));
