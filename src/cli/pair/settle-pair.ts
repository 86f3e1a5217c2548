import { judgePair, type PairVerdict } from '../../domain/pair.ts';
import type { Logger } from '../../domain/ports.ts';
import { openNodes } from '../../log/cluster/open-nodes.ts';
import type { RedisNodes } from '../../log/connection/nodes.ts';
import { isErrorReply } from '../../log/connection/unfit-server.ts';
import { settlePair as writeWhereAbsent } from '../../log/pair/pair.ts';
import { asError, serverErrorOf } from '../../store/database/database-error.ts';
import { openPairStore } from '../../store/pair/open-pair-store.ts';
import { newLogger } from '../../telemetry/logger.ts';
import { newProcessId } from '../system.ts';
import { type PairUrls, refusalLine } from './pair-line.ts';
import { readPair } from './read-pair.ts';

export interface PairAgreement extends PairUrls {
  readonly partitions: number;
  readonly logger: Logger;
  /** When this process last saw the id in this Redis; absent while it starts. */
  readonly seenAtMs?: number | undefined;
}

export type PairOutcome =
  | { readonly type: 'paired'; readonly id: string; readonly wrote?: 'fresh' | 'upgrade' | 'written-back' }
  /** This process may not write the half; another one has to. */
  | { readonly type: 'waiting'; readonly why: string }
  | {
      readonly type: 'refused';
      readonly verdict: Extract<PairVerdict, { type: 'refuse' }>;
      readonly line: string;
    };

/** A conflict with another writer at every attempt is not expected. */
const triesMax = 3;

/**
 * Compares both halves over connections of its own, and writes Redis' half where the verdict allows it. Throws one line when
 * a server cannot be asked.
 */
export const settleOnce = async (settling: PairAgreement): Promise<PairOutcome> => {
  // Silent: errors are thrown to the caller.
  const logger = newLogger({ level: 'silent', roles: ['pair'] });
  const nodes = await openNodes({ url: settling.redisUrl, name: newProcessId(), logger });
  try {
    const store = await openPairStore(settling.databaseUrl);
    try {
      for (let tries = 1; ; tries += 1) {
        const settled = await settle(settling, nodes, store);
        if (settled !== 'again' || tries >= triesMax)
          return settled === 'again' ? { type: 'waiting', why: 'others write the pair id as well' } : settled;
      }
    } finally {
      store.close();
    }
  } catch (error) {
    if (mayNot(error))
      return { type: 'waiting', why: `this user may not judge it (${asError(error).message})` };
    throw error;
  } finally {
    await nodes.close();
  }
};

const settle = async (
  settling: PairAgreement,
  { control: nodeOf }: RedisNodes,
  store: Parameters<typeof readPair>[0]['store'],
): Promise<PairOutcome | 'again'> => {
  const halves = await readPair({ nodeOf, store }, settling.partitions);
  const { mysqlId: id = '' } = halves;
  const verdict = judgePair({ ...halves, seenAtMs: settling.seenAtMs });
  switch (verdict.type) {
    case 'equal':
      return { type: 'paired', id };
    case 'refuse':
      return { type: 'refused', verdict, line: refusalLine(verdict, halves, settling) };
    case 'write': {
      const stored = await writeWhereAbsent(nodeOf, id);
      if (stored === undefined) return { type: 'waiting', why: 'this user may not write it' };
      return stored === id ? { type: 'paired', id, wrote: verdict.why } : 'again';
    }
  }
};

/** Redis' NOPERM; MySQL's refusals of a table, and of columns of it. */
const mayNot = (error: unknown): boolean =>
  (isErrorReply(error) && error.message.startsWith('NOPERM')) ||
  [1142, 1143].includes(serverErrorOf(error)?.errno ?? 0);
