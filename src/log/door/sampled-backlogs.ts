import type { Backlog, Backlogs } from '../contract.ts';
import { addSample, type BacklogSample, backlogOf } from './backlog-history.ts';

export type Sample = Omit<BacklogSample, 'atMs'>;

export interface SampledBacklogsOptions {
  /** Reads from the server. */
  readonly sample: (partition: number) => Promise<Sample>;
  readonly monotonicMs?: () => number;
}

interface PartitionSamples {
  history: readonly BacklogSample[];
  /** Derived from the history once for each sample, because every request reads it. */
  backlog: Backlog | undefined;
  sampling: boolean;
  /** Also set by a sample that failed, so that a server in trouble does not get one query for each request. */
  sampledAtMs: number;
}

const everyMs = 1_000;
/** A sample older than this is not used. */
const validMs = 2_500;
const evictAfterMs = 30_000;

const unknown: Backlog = { entries: 0, waitSeconds: undefined, memoryUsed: 0 };

/** A request starts a sample in the background when one is due. No request waits for it; the first one sees no backlog. */
export const newSampledBacklogs = ({
  sample,
  monotonicMs = () => performance.now(),
}: SampledBacklogsOptions): Backlogs => {
  const watched = new Map<number, PartitionSamples>();

  const watch = (partition: number): PartitionSamples => {
    const known = watched.get(partition);
    if (known) return known;
    const now = monotonicMs();
    for (const [other, { sampledAtMs }] of watched)
      if (now - sampledAtMs > evictAfterMs) watched.delete(other);
    const fresh: PartitionSamples = {
      history: [],
      backlog: undefined,
      sampling: false,
      sampledAtMs: Number.NEGATIVE_INFINITY,
    };
    watched.set(partition, fresh);
    return fresh;
  };

  const refresh = async (partition: number, entry: PartitionSamples): Promise<void> => {
    entry.sampling = true;
    entry.sampledAtMs = monotonicMs();
    try {
      entry.history = addSample(entry.history, {
        atMs: entry.sampledAtMs,
        ...(await sample(partition)),
      });
      entry.backlog = backlogOf(entry.history);
    } catch {
      // The last sample becomes too old and is then no longer used.
    } finally {
      entry.sampling = false;
    }
  };

  return {
    of: (partition) => {
      const entry = watch(partition);
      const now = monotonicMs();
      if (!entry.sampling && now - entry.sampledAtMs >= everyMs) void refresh(partition, entry);
      const last = entry.history.at(-1);
      return (last && now - last.atMs < validMs ? entry.backlog : undefined) ?? unknown;
    },
  };
};
