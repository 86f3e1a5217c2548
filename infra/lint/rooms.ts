/**
 * Which room may import which. ARCHITECTURE.md shows it as a diagram; `npm run import-rules` writes it into
 * import-rules.json for the linter. An import that is not listed here is an error.
 */
export interface Room {
  /** Other rooms, or only the contract of one. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
  /** Files of the room itself that every one of its sub-rooms may import. */
  readonly ground?: readonly string[];
  /**
   * Sub-rooms in layers, the lowest first: a sub-room imports its own files and those of the layers below.
   * The other files of the room are above all of them.
   */
  readonly floors?: readonly (readonly string[])[];
}

const node = ['node:*', 'node:*/**'];
/** Node modules that read no clock, make no random numbers and do not touch the process. */
const pureNode = ['node:assert/strict', 'node:buffer', 'node:crypto', 'node:util'];
const typebox = ['typebox', 'typebox/**'];
const fastify = ['fastify', '@fastify/**', ...typebox];
const tracing = '@opentelemetry/api';

export const rooms: Readonly<Record<string, Room>> = {
  domain: {
    imports: [],
    packages: [],
    ground: ['decisions', 'ids', 'ledger', 'reservation'],
    floors: [['feed']],
  },
  shared: { imports: ['domain/ports.ts'], packages: node },
  log: {
    imports: ['domain', 'shared'],
    packages: ['ioredis', 'cluster-key-slot', ...typebox, tracing, ...node],
    ground: ['contract', 'keys', 'signals-contract'],
    floors: [
      ['connection', 'wire'],
      ['append', 'cluster', 'door', 'outcomes', 'pair', 'partition'],
      ['inspect'],
    ],
  },
  lease: { imports: ['domain', 'shared'], packages: ['ioredis', tracing, ...node] },
  store: {
    imports: ['domain', 'shared'],
    packages: ['drizzle-orm', 'drizzle-orm/**', 'mysql2', 'mysql2/**', tracing, ...node],
    ground: ['contract', 'feed-contract', 'schema'],
    floors: [
      ['database'],
      ['rows'],
      ['pair'],
      ['read', 'setup', 'write'],
      ['commit', 'feed', 'rebuild', 'repair', 'replica', 'snapshot'],
    ],
  },
  command: {
    imports: ['domain', 'http', 'log/contract.ts'],
    packages: [...fastify, tracing, ...pureNode],
  },
  projector: {
    imports: [
      'domain',
      'shared/backoff.ts',
      'shared/deferred.ts',
      'log/contract.ts',
      'lease/contract.ts',
      'store/contract.ts',
    ],
    packages: [tracing, ...pureNode],
    floors: [['decide']],
  },
  audit: {
    imports: ['domain', 'log/contract.ts', 'store/contract.ts'],
    packages: ['node:util'],
    ground: ['contract'],
    floors: [['state'], ['judges']],
  },
  query: {
    imports: [
      'domain',
      'shared',
      'http',
      'log/contract.ts',
      'log/signals-contract.ts',
      'store/contract.ts',
      'store/feed-contract.ts',
    ],
    packages: [...fastify, tracing, ...node],
  },
  http: {
    imports: ['domain', 'shared', 'log/contract.ts'],
    packages: [...fastify, 'jose', 'pino', tracing, ...node],
    floors: [['observe'], ['problems'], ['connection', 'limits', 'message'], ['identity']],
  },
  telemetry: {
    imports: ['domain', 'shared', 'log/contract.ts', 'lease/contract.ts', 'store/contract.ts'],
    packages: ['pino', '@opentelemetry/**', ...node],
    floors: [['metrics'], ['traces']],
  },
  client: { imports: [], packages: ['openapi-fetch'] },
  config: { imports: ['shared'], packages: [...typebox, ...node] },
  cli: {
    imports: ['**'],
    packages: [tracing, ...node],
    ground: ['read-config', 'roles', 'stop-signal', 'system', 'version'],
    floors: [
      ['pair', 'print'],
      ['options'],
      ['adopt', 'doctor', 'inspect', 'parked', 'rehearse', 'verify', 'warm-up'],
      ['serve'],
      ['feed'],
    ],
  },
};

export const subRoomsOf = ({ floors = [] }: Room): readonly string[] => floors.flat();

/** The sub-rooms that this one may import: those of all layers below its own. */
export const below = ({ floors = [] }: Room, subRoom: string): readonly string[] => {
  const own = floors.findIndex((floor) => floor.includes(subRoom));
  return floors.slice(0, own).flat();
};
