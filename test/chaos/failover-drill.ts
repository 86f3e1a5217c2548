import { waitUntil } from '../../infra/local/wait-until.ts';
import { aheadOfTime } from './ahead-of-time.ts';
import { behindWatermark } from './behind-watermark.ts';
import { judge } from './judge.ts';
import { askAgain, breaksNothingElse, namesWhatIsLost, soldOnce } from './loss.ts';
import { recovered } from './recovered.ts';
import { startRedisPair } from './redis-pair.ts';
import type { Check, PartReport } from './report.ts';
import { type DrillOptions, type Sale, startSale } from './start-sale.ts';
import { untilQuiet } from './until-quiet.ts';

const clockAheadMs = 5_000;
const acceptedMs = 20_000;
const looksMore = 3;
// Time for a signal to take effect, and for answers in flight to arrive.
const settleMs = 100;

/**
 * The replica lags, and the master dies under load with ONSALE_DURABILITY=disk. What only the master had is
 * lost; that setting allows it. The audit must name all of it, and repeating a request with the same key must
 * sell it once.
 */
export const failoverDrill = async (options: DrillOptions): Promise<PartReport> => {
  const beganMs = performance.now();
  const redis = await options.owned.own(startRedisPair(), (pair) => pair.remove());
  const sale = await startSale(options, {
    redisUrl: redis.proxy.url,
    apis: 1,
    projectors: 1,
    durability: 'disk',
    crowd: 'keyed',
  });
  const urls = () => ({ redisUrl: redis.master().url, databaseUrl: sale.databaseUrl });
  await untilAccepted(sale, 50);
  const safeMs = performance.now();
  await redis.untilInStep();
  redis.holdReplication();
  await aheadOfTime(redis.master(), clockAheadMs);
  await untilDecidedMore(sale);
  const [projector] = sale.fleet.members('projector');
  projector?.signal('SIGSTOP');
  await options.pause(settleMs);
  const stoppedMs = performance.now();
  await untilAccepted(sale, 20);
  const killedMs = performance.now();
  await redis.failOver();
  const promotedMs = performance.now();
  const behind = await behindWatermark(urls());
  projector?.signal('SIGCONT');
  const recoveredMs = await recovered(sale);
  await sale.close();
  await untilQuiet(urls());
  const after = await judge(urls(), sale.history);
  const again = await askAgain(after, sale.history, () => sale.fleet.apis()[0] ?? '');
  await untilQuiet(urls());
  const repaired = await judge(urls(), sale.history);
  const checks: readonly Check[] = [
    ...namesWhatIsLost(after, sale.history, {
      lost: ({ askedAtMs, acceptedAtMs }) => askedAtMs > stoppedMs && (acceptedAtMs ?? killedMs) < killedMs,
      safe: ({ askedAtMs, acceptedAtMs }) => (acceptedAtMs ?? safeMs) < safeMs || askedAtMs > promotedMs,
    }),
    ...(await soldOnce(again, sale.history, sale.databaseUrl)),
    breaksNothingElse(repaired),
    {
      what: `decides again in every partition, ${behind} of which ended below what was decided already`,
      verdict: recoveredMs === undefined ? 'broken' : 'kept',
    },
  ];
  return {
    name: 'fail-over, ONSALE_DURABILITY=disk',
    seconds: Math.round((performance.now() - beganMs) / 1_000),
    verdict: checks.every(({ verdict }) => verdict !== 'broken') ? 'kept' : 'broken',
    faults: [],
    requests: Object.fromEntries(sale.history.counts),
    takeOvers: [],
    longestGapMs: undefined,
    checks,
    audits: { 'after the loss': after, 'after asking again': repaired },
  };
};

/** Waits for this many more: a drill without sales proves nothing. */
export const untilAccepted = async ({ history }: Sale, more: number): Promise<void> => {
  const from = history.accepted();
  if (await waitUntil(() => history.accepted() >= from + more, { limitMs: acceptedMs })) return;
  throw new Error(`${history.accepted() - from} instead of ${more} accepted within ${acceptedMs} ms`);
};

/** Waits for further decisions: their entries have ids that this Redis' successor will not have reached. */
export const untilDecidedMore = async ({ watch }: Sale): Promise<void> => {
  const from = watch.decidedAtMs.length;
  if (await waitUntil(() => watch.decidedAtMs.length >= from + looksMore, { limitMs: acceptedMs })) return;
  throw new Error(`nothing was decided within ${acceptedMs} ms`);
};
