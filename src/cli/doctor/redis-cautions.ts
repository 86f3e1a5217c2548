import type { ServerSnapshot } from '../../log/inspect/inspect-server.ts';
import type { Want } from './line.ts';

type Settings = NonNullable<ServerSnapshot['config']>;

interface Wish {
  readonly name: Want<Settings>['name'];
  readonly wanted: string;
  readonly why: string;
  readonly cure: string;
  readonly holds: (value: string) => boolean;
}

const set = (name: string, value: string): string =>
  `CONFIG SET ${name} ${value}, and the same in redis.conf`;

/** A setting by its own name; unknown when the server does not show it. */
const ofSetting = ({ holds, ...wish }: Wish): Want<ServerSnapshot> => ({
  ...wish,
  found: ({ config }) => config?.[wish.name],
  holds: ({ config }) => holds(config?.[wish.name] ?? ''),
});

const mb = 1_048_576;

const limitsIn = (text: string): ReadonlyMap<string, readonly number[]> =>
  new Map(
    [...text.matchAll(/([a-z]{1,20}) (\d{1,20}) (\d{1,20}) (\d{1,20})/g)].map(([, name = '', ...numbers]) => [
      name === 'slave' ? 'replica' : name,
      numbers.map(Number),
    ]),
  );

/** 0 is no limit. */
const isAtLeast = (value: number | undefined, least: number): boolean =>
  value !== undefined && (value === 0 || value >= least);

const leastBuffers = { normal: [64, 64], replica: [256, 64], pubsub: [32, 8] } as const;

const buffers: Want<Settings> = {
  name: 'client-output-buffer-limit',
  wanted: 'normal 0, replica 256mb 64mb, pubsub 32mb 8mb, or more',
  why: 'otherwise Redis disconnects readers, replicas and clients that wait for outcomes in the middle of a rush',
  cure: set('client-output-buffer-limit', '"normal 0 0 0 replica 256mb 64mb 60 pubsub 32mb 8mb 60"'),
  found: ({ 'client-output-buffer-limit': text }) =>
    text &&
    [...limitsIn(text)]
      .map(([name, numbers]) => `${name} ${numbers.slice(0, 2).map(sizeText).join(' ')}`)
      .join(', '),
  holds: ({ 'client-output-buffer-limit': text = '' }) => {
    const limits = limitsIn(text);
    return Object.entries(leastBuffers).every(([name, least]) =>
      least.every((megabytes, at) => isAtLeast(limits.get(name)?.[at], megabytes * mb)),
    );
  },
};

const sizeText = (bytes: number): string => (bytes % mb === 0 && bytes > 0 ? `${bytes / mb}mb` : `${bytes}`);

const memory: Want<ServerSnapshot> = {
  name: 'maxmemory',
  wanted: 'a limit, below the memory of its machine',
  why: 'requests are refused at a share of it, in time; without it the system kills Redis when memory is full',
  cure: set('maxmemory', 'to three quarters of what its machine or container may use'),
  // A server that hides its policy hides this as well.
  found: ({ evictionPolicy, maxBytes, machineBytes }) =>
    evictionPolicy &&
    `${maxBytes > 0 ? megabytes(maxBytes) : 'no limit'}${machineBytes ? `, and ${megabytes(machineBytes)} in its machine` : ''}`,
  holds: ({ maxBytes, machineBytes = Number.POSITIVE_INFINITY }) => maxBytes > 0 && maxBytes < machineBytes,
};

const megabytes = (bytes: number): string => `${Math.floor(bytes / mb)} MB`;

const fullCoverage: Want<Settings> = {
  name: 'cluster-require-full-coverage',
  wanted: 'no',
  why: 'otherwise one master that is away stops the partitions of all others',
  cure: set('cluster-require-full-coverage', 'no'),
  found: (settings) =>
    settings['cluster-enabled'] === 'no' ? 'no cluster' : settings['cluster-require-full-coverage'],
  holds: (settings) =>
    settings['cluster-enabled'] === 'no' || settings['cluster-require-full-coverage'] === 'no',
};

/** A requirement on settings, asked of the server that has them. */
const ofServer = ({ found, holds, ...want }: Want<Settings>): Want<ServerSnapshot> => ({
  ...want,
  found: ({ config = {} }) => found(config),
  holds: ({ config = {} }) => holds(config),
});

/** What a sale needs of Redis to run well; no promise depends on it. */
export const redisCautions: readonly Want<ServerSnapshot>[] = [
  ofSetting({
    name: 'aof-load-truncated',
    wanted: 'yes',
    why: 'Redis does not start after a power cut that tore its last write, which was never answered',
    cure: set('aof-load-truncated', 'yes'),
    holds: (value) => value === 'yes',
  }),
  ofSetting({
    name: 'auto-aof-rewrite-percentage',
    wanted: '1 or more',
    why: 'otherwise the append-only file grows until the disk is full',
    cure: set('auto-aof-rewrite-percentage', '100'),
    holds: (value) => Number(value) >= 1,
  }),
  ofServer(buffers),
  ofServer(fullCoverage),
  ofSetting({
    name: 'disable-thp',
    wanted: 'yes',
    why: 'with transparent huge pages Redis stalls and takes more memory while it rewrites its file',
    cure: 'disable-thp yes in redis.conf and a restart, or never in /sys/kernel/mm/transparent_hugepage/enabled',
    holds: (value) => value === 'yes',
  }),
  ofSetting({
    name: 'hz',
    wanted: '50 or more',
    why: 'otherwise expired leases and boards free their memory late',
    cure: set('hz', '50'),
    holds: (value) => Number(value) >= 50,
  }),
  ofSetting({
    name: 'maxclients',
    wanted: '1000 or more',
    why: 'a process that gets no connection does not start, in the middle of an upgrade as well',
    cure: set('maxclients', '10000'),
    holds: (value) => Number(value) >= 1_000,
  }),
  memory,
  ofSetting({
    name: 'tcp-backlog',
    wanted: '511 or more',
    why: 'many processes connect in the same instant after a fail-over, and are refused beyond it',
    cure: 'tcp-backlog 1024 in redis.conf and a restart; net.core.somaxconn of its host has to be as high',
    holds: (value) => Number(value) >= 511,
  }),
  ofSetting({
    name: 'tcp-keepalive',
    wanted: '1 to 300',
    why: 'otherwise connections of hosts that died stay for hours, and count against maxclients',
    cure: set('tcp-keepalive', '60'),
    holds: (value) => Number(value) >= 1 && Number(value) <= 300,
  }),
  ofSetting({
    name: 'timeout',
    wanted: '0',
    why: 'otherwise Redis closes idle connections; an append at that moment is answered outcome-unknown',
    cure: set('timeout', '0'),
    holds: (value) => value === '0',
  }),
];
