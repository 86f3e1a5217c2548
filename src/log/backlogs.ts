import { addSample, type BacklogSample, backlogOf } from './backlog-history.ts';
import type { Backlog, Backlogs } from './contract.ts';
import { group, keysOf } from './keys.ts';
import type { NodeOf } from './nodes.ts';
import { isMissingKey, parseFields } from './replies.ts';

export interface BacklogsOptions {
  readonly nodeOf: NodeOf;
  readonly monotonicMs?: () => number;
}

interface Watched {
  history: readonly BacklogSample[];
  sampling: boolean;
  /** Also moved by a sample that failed, so that a server in trouble is not asked by every request. */
  sampledAtMs: number;
}

const everyMs = 1_000;
/** An answer older than this says nothing of now. */
const believedMs = 2_500;
const forgottenMs = 30_000;

const unknown: Backlog = { entries: 0, waitSeconds: undefined, memoryUsed: 0 };

/**
 * Sampled by being asked, in the background: nobody waits for a sample, and the first to ask is told of no backlog.
 */
export const newBacklogs = ({ nodeOf, monotonicMs = () => performance.now() }: BacklogsOptions): Backlogs => {
  const watched = new Map<number, Watched>();

  const watch = (partition: number): Watched => {
    const known = watched.get(partition);
    if (known) return known;
    const now = monotonicMs();
    for (const [other, { sampledAtMs }] of watched)
      if (now - sampledAtMs > forgottenMs) watched.delete(other);
    const fresh: Watched = { history: [], sampling: false, sampledAtMs: Number.NEGATIVE_INFINITY };
    watched.set(partition, fresh);
    return fresh;
  };

  const refresh = async (partition: number, entry: Watched): Promise<void> => {
    entry.sampling = true;
    entry.sampledAtMs = monotonicMs();
    try {
      entry.history = addSample(entry.history, {
        atMs: entry.sampledAtMs,
        ...(await sample(nodeOf, partition)),
      });
    } catch {
      // The history grows old and is then no longer believed.
    } finally {
      entry.sampling = false;
    }
  };

  return {
    of: async (partition) => {
      const entry = watch(partition);
      const now = monotonicMs();
      if (!entry.sampling && now - entry.sampledAtMs >= everyMs) void refresh(partition, entry);
      const last = entry.history.at(-1);
      return (last && now - last.atMs < believedMs ? backlogOf(entry.history) : undefined) ?? unknown;
    },
  };
};

type Sample = Omit<BacklogSample, 'atMs'>;

const sample = async (nodeOf: NodeOf, partition: number): Promise<Sample> => {
  const { requests } = keysOf(partition);
  const redis = nodeOf(requests);
  const [memory, length, groups] = await Promise.all([
    redis.info('memory'),
    redis.xlen(requests),
    redis.xinfo('GROUPS', requests).catch(noGroups),
  ]);
  return { ...parseLag(groups, length), memoryUsed: memoryUsedIn(memory) };
};

const noGroups = (error: unknown): readonly unknown[] => {
  if (isMissingKey(error)) return [];
  throw error;
};

/** Where Redis does not know the lag, the length of the stream bounds it from above. */
const parseLag = (groups: unknown, length: number): Pick<Sample, 'entries' | 'read'> => {
  const infos = (groups as unknown[]).map(parseFields);
  const ours = infos.find((info) => info.get('name') === group);
  const lag = ours?.get('lag');
  const read = ours?.get('entries-read');
  return {
    entries: typeof lag === 'number' ? lag : length,
    read: typeof read === 'number' ? read : undefined,
  };
};

/** As Redis itself counts against maxmemory: buffers of replicas and of the append-only file are not in it. */
const memoryUsedIn = (info: string): number => {
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const max = field('maxmemory');
  return max > 0 ? (field('used_memory') - field('mem_not_counted_for_evict')) / max : 0;
};
