import { judgePair } from '../../domain/pair.ts';
import { openNodes } from '../../log/cluster/open-nodes.ts';
import { openPairStore } from '../../store/pair/open-pair-store.ts';
import { newLogger } from '../../telemetry/logger.ts';
import { newProcessId } from '../system.ts';
import { type PairUrls, refusalLine } from './pair-line.ts';
import { readPair } from './read-pair.ts';

/** Both halves, as read without writing. */
export interface PairComparison {
  readonly redis?: string | undefined;
  readonly mysql?: string | undefined;
  /** Why no process would start on these servers, in one line; absent when it would. */
  readonly fault?: string;
}

/** Changes nothing. Throws when a server cannot be asked. */
export const comparePair = async (
  places: PairUrls & { readonly partitions: number },
): Promise<PairComparison> => {
  // Silent: errors are thrown to the caller.
  const logger = newLogger({ level: 'silent', roles: ['pair'] });
  const nodes = await openNodes({ url: places.redisUrl, name: newProcessId(), logger, wants: 'any' });
  try {
    const store = await openPairStore(places.databaseUrl);
    try {
      const halves = await readPair({ nodeOf: nodes.control, store }, places.partitions);
      const verdict = judgePair(halves);
      return {
        redis: halves.redisId,
        mysql: halves.mysqlId,
        ...(verdict.type === 'refuse' && { fault: refusalLine(verdict, halves, places) }),
      };
    } finally {
      store.close();
    }
  } finally {
    await nodes.close();
  }
};
