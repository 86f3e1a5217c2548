import { waitUntil } from '../../infra/local/wait-until.ts';
import type { AppendVerdict, RequestAppender } from '../../src/log/contract.ts';
import { requestOf } from './requests.ts';

export interface AppendLoop {
  /** The verdict on the n-th request. */
  readonly verdicts: readonly AppendVerdict[];
  /** Resolves when so many more requests were appended. */
  appended(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Appends to a partition, one after the other, numbered from 0. */
export const startAppending = (appender: RequestAppender, partition: number): AppendLoop => {
  const verdicts: AppendVerdict[] = [];
  let stopped = false;
  const count = (): number => verdicts.filter(({ type }) => type === 'appended').length;
  const appendOne = async (): Promise<boolean> => {
    verdicts.push(await appender.append(partition, requestOf(partition, verdicts.length)));
    return stopped;
  };
  const working = waitUntil(appendOne, { limitMs: 50_000, everyMs: 3 });
  return {
    verdicts,
    appended: async (wanted) => {
      const from = count();
      if (await waitUntil(() => count() >= from + wanted, { limitMs: 20_000 })) return;
      throw new Error(`not ${wanted} more appended: ${JSON.stringify(verdicts.slice(-3))}`);
    },
    stop: async () => {
      stopped = true;
      await working;
    },
  };
};
