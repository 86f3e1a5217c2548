import type { Config } from '../../config.ts';
import type { MasterSnapshot, ServerSnapshot } from '../../log/inspect/inspect-server.ts';
import { type ClockSample, clockWant } from './judge-clock.ts';
import { type Line, lineOf, type Want, worstOf } from './line.ts';
import { redisCautions } from './redis-cautions.ts';
import { versionAtLeast } from './version-at-least.ts';

type Durability = Config['durability'];

const rewritesUnsynced = (config: ServerSnapshot['config']): boolean =>
  config?.['no-appendfsync-on-rewrite'] === 'yes';

const wantsOf = (durability: Durability): readonly Want<ServerSnapshot>[] => [
  {
    name: 'redis-version',
    wanted: '7.0 or later',
    why: 'older versions refuse the scripts that reads and leases need',
    cure: 'upgrade Redis: docs/reference/supported-versions.md',
    found: ({ version }) => (version && versionAtLeast(version, [7, 0]) !== undefined ? version : undefined),
    holds: ({ version = '' }) => versionAtLeast(version, [7, 0]) === true,
  },
  {
    name: 'appendonly',
    wanted: 'yes',
    why: 'without it whatever was answered 202 is lost when Redis stops',
    cure: 'CONFIG SET appendonly yes, and the same in redis.conf',
    found: ({ appendOnly }) => (appendOnly === undefined ? undefined : appendOnly ? 'yes' : 'no'),
    holds: ({ appendOnly }) => appendOnly === true,
  },
  {
    name: 'appendfsync',
    wanted: 'always',
    why: 'otherwise a power cut loses the last of what was answered 202',
    cure: 'appendfsync always and no-appendfsync-on-rewrite no: by CONFIG SET, and in redis.conf',
    found: ({ appendFsync, config }) =>
      rewritesUnsynced(config) ? `${appendFsync}, but not while the file is rewritten` : appendFsync,
    holds: ({ appendFsync, config }) => appendFsync === 'always' && !rewritesUnsynced(config),
  },
  {
    name: 'maxmemory-policy',
    wanted: 'noeviction',
    why: 'otherwise a full server deletes leases and boards, and may delete streams',
    cure: 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf',
    found: ({ evictionPolicy }) => evictionPolicy,
    holds: ({ evictionPolicy }) => evictionPolicy === 'noeviction',
  },
  minReplicas(durability),
];

const minReplicas = (durability: Durability): Want<ServerSnapshot> => ({
  name: 'min-replicas-to-write',
  wanted: durability === 'replicated' ? '1 or more' : `any, with ONSALE_DURABILITY=${durability}`,
  why: 'a master that is cut off from its replicas keeps accepting requests, which a fail-over then loses',
  cure: 'CONFIG SET min-replicas-to-write 1, and the same in redis.conf',
  // A value without consequences is not shown.
  found: ({ minReplicasToWrite }) =>
    minReplicasToWrite === undefined && durability === 'disk' ? '-' : minReplicasToWrite?.toString(),
  holds: ({ minReplicasToWrite = 0 }) => durability === 'disk' || minReplicasToWrite >= 1,
});

const clock = clockWant(
  'redis-clock',
  'sales open, close and lapse by the clock of Redis; tokens are judged by the clock of this host',
);

/** Cannot be accepted as a risk, and need not be: a process that reaches a replica waits until the name leads to the primary. */
const role: Want<ServerSnapshot> = {
  name: 'redis-role',
  wanted: 'primary',
  why: 'a replica refuses writes, and lags',
  cure: 'let REDIS_URL lead to the primary, or make this server the primary (REPLICAOF NO ONE)',
  found: ({ role = '-' }) => role,
  holds: ({ role }) => role !== 'replica',
};

export const judgeRole = (masters: readonly MasterSnapshot[]): Line =>
  overAll(masters, role, ({ server }) => server);

/** Redis' requirements, one line each. In a cluster every master is judged; the list is empty when Redis is away. */
export const judgeRedis = (masters: readonly MasterSnapshot[], durability: Durability): readonly Line[] => [
  ...wantsOf(durability).map((want) => overAll(masters, want, ({ server }) => server)),
  overAll(masters, clock, clockOf),
];

/** What a sale needs to run well. */
export const cautionRedis = (masters: readonly MasterSnapshot[]): readonly Line[] =>
  redisCautions.map((want) => overAll(masters, want, ({ server }) => server));

type MasterAnswer = Extract<MasterSnapshot, { type: 'seen' }>;

const clockOf = ({ server, askedAtMs, answeredAtMs }: MasterAnswer): ClockSample => ({
  theirsMs: server.nowMs,
  askedAtMs,
  answeredAtMs,
});

const overAll = <Look>(
  masters: readonly MasterSnapshot[],
  want: Want<Look>,
  lookOf: (master: MasterAnswer) => Look,
): Line => {
  if (masters.length === 0) return lineOf(want, undefined);
  return worstOf(
    masters.map((master) => ({
      ...lineOf(want, master.type === 'seen' ? lookOf(master) : undefined),
      address: master.address,
    })),
  );
};
