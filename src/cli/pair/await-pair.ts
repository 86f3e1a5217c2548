import type { Clock, Logger } from '../../domain/ports.ts';
import { type PairAgreement, type PairOutcome, settleOnce } from './settle-pair.ts';

export interface AwaitedPair {
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  /** Called with the reason for waiting, whenever that changes. */
  readonly onWaiting: (why: string) => void;
  /** Compares once; the real servers unless given. */
  readonly settle?: () => Promise<PairOutcome>;
}

const checkEveryMs = 1_000;
/** When Redis comes back empty, running processes write its half again within seconds: a start in between need not fail. */
const writtenBackMsMax = 10_000;

/**
 * At a start: resolves to the id of the pair once both servers are known to belong together. A process that may not write Redis'
 * half waits for one that may. Throws the fault in one line; resolves to undefined when it is stopped.
 */
export const awaitPair = async (
  settling: PairAgreement,
  { clock, stopping, onWaiting, settle = () => settleOnce(settling) }: AwaitedPair,
): Promise<string | undefined> => {
  const { logger } = settling;
  const beganMs = clock.monotonicMs();
  let last = '';
  while (!stopping.aborted) {
    const settled = await settle();
    if (settled.type === 'paired') {
      logWritten(logger, settled);
      return settled.id;
    }
    if (settled.type === 'refused') refuseUnlessHealing(settled, clock.monotonicMs() - beganMs);
    const why = settled.type === 'refused' ? settled.line : `no pair id in Redis yet: ${settled.why}`;
    if (why !== last) logger.warn({}, `waiting: ${why}`);
    last = why;
    onWaiting(why);
    await clock.sleep(checkEveryMs, stopping);
  }
  return undefined;
};

const refuseUnlessHealing = (
  { verdict, line }: Extract<PairOutcome, { type: 'refused' }>,
  waitedMs: number,
): void => {
  if (verdict.why !== 'redis-empty' || waitedMs >= writtenBackMsMax) throw new Error(line);
};

/** Logs what was written, unless nothing was. */
export const logWritten = (logger: Logger, { id, wrote }: Extract<PairOutcome, { type: 'paired' }>): void => {
  if (wrote === undefined) return;
  const fields = { pair: id };
  if (wrote === 'fresh') logger.info(fields, 'Redis and database are a pair from now on');
  if (wrote === 'upgrade')
    logger.warn(fields, 'Redis had no pair id: written, because streams and journal agree');
  if (wrote === 'written-back')
    logger.warn(
      fields,
      'Redis had lost its pair id, so it has lost data: written back. See redis-lost-data.md',
    );
};
