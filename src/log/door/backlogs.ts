import type { NodeOf } from '../connection/nodes.ts';
import { isMissingKey, parseFields } from '../connection/replies.ts';
import type { Backlogs } from '../contract.ts';
import { group, keysOf } from '../keys.ts';
import { newSampledBacklogs, type Sample } from './sampled-backlogs.ts';

export interface BacklogsOptions {
  readonly nodeOf: NodeOf;
  readonly monotonicMs?: () => number;
}

export const newBacklogs = ({ nodeOf, ...options }: BacklogsOptions): Backlogs =>
  newSampledBacklogs({ ...options, sample: (partition) => sample(nodeOf, partition) });

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

/** When Redis does not know the lag, the length of the stream is its upper bound. */
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

/** Counted as Redis counts against maxmemory: without the buffers of replicas and of the append-only file. */
const memoryUsedIn = (info: string): number => {
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const max = field('maxmemory');
  return max > 0 ? (field('used_memory') - field('mem_not_counted_for_evict')) / max : 0;
};
