import { waitUntil } from '../../infra/local/wait-until.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { aheadOfTime } from './ahead-of-time.ts';
import { behindWatermark } from './behind-watermark.ts';
import { untilAccepted, untilDecidedMore } from './failover-drill.ts';
import { judge } from './judge.ts';
import { type Bounds, breaksNothingElse, namesWhatIsLost } from './loss.ts';
import { putBack, takeCopy } from './put-back.ts';
import { recovered } from './recovered.ts';
import type { Check, PartReport } from './report.ts';
import { type DrillOptions, type Sale, startSale } from './start-sale.ts';
import { untilQuiet } from './until-quiet.ts';
import { type WriteWatch, watchWrites } from './watch-writes.ts';

type Appendfsync = 'always' | 'everysec';

interface PowerLoss {
  readonly sale: Sale;
  readonly redis: OwnServer;
  readonly watching: WriteWatch;
  readonly options: DrillOptions;
}

/** What was lost in the outage, by the clients' clock. */
interface Outage {
  readonly bounds: Bounds;
  readonly behind: number;
  readonly unsyncedBytes: number | undefined;
}

const settleMs = 100;
const clockAheadMs = 5_000;
const syncMs = 5_000;
const unsavedMin = 3;
const aheadTriesMax = 3;
const unsavedMs = 20_000;

/**
 * The power fails under load, and data that was not fsynced is lost: once with the shipped settings, once
 * with forbidden ones.
 */
export const powerLossDrill = (options: DrillOptions): Promise<readonly PartReport[]> =>
  Promise.all([losePower('always', options), losePower('everysec', options)]);

const losePower = async (appendfsync: Appendfsync, options: DrillOptions): Promise<PartReport> => {
  const beganMs = performance.now();
  const redis = await options.owned.own(startOwnRedis({ settings: { appendfsync } }), (own) => own.remove());
  const sale = await startSale(options, {
    redisUrl: redis.url,
    apis: 1,
    projectors: 1,
    durability: 'disk',
    ...(appendfsync === 'everysec' && { acceptRisk: 'appendfsync' }),
    crowd: 'keyed',
  });
  const urls = { redisUrl: redis.url, databaseUrl: sale.databaseUrl };
  await untilAccepted(sale, 30);
  const watching = await options.owned.own(watchWrites(redis.pid()), endWatch);
  const outage = await cutPower({ sale, redis, watching, options }, appendfsync);
  const recoveredMs = await recovered(sale);
  await sale.close();
  await untilQuiet(urls);
  const audit = await judge(urls, sale.history);
  const checks: readonly Check[] = [
    ...(appendfsync === 'always'
      ? [nothingIsMissing(audit.findings.lost.length), breaksNothingElse(audit), syncsFirst(watching)]
      : namesWhatIsLost(audit, sale.history, outage.bounds)),
    {
      what: `decides again in every partition, ${outage.behind} of which ended below what was decided already`,
      verdict: recoveredMs === undefined ? 'broken' : 'kept',
    },
    howItWasCut(outage, watching),
  ];
  return {
    name: `power loss, appendfsync ${appendfsync}`,
    seconds: Math.round((performance.now() - beganMs) / 1_000),
    verdict: checks.every(({ verdict }) => verdict !== 'broken') ? 'kept' : 'broken',
    faults: [],
    requests: Object.fromEntries(sale.history.counts),
    takeOvers: [],
    longestGapMs: undefined,
    checks,
    audits: { 'after the loss': audit },
  };
};

const endWatch = async (watching: WriteWatch): Promise<void> => {
  if (watching.type === 'watching') await watching.stop();
};

/**
 * Freezes Redis and restores only what was fsynced. strace shows which data that is. Without strace it is the
 * present file for `always`. For `everysec` it is a copy that is less than a second older, because possibly
 * nothing later was saved.
 */
const cutPower = async (drill: PowerLoss, appendfsync: Appendfsync): Promise<Outage> => {
  const { sale, redis, watching, options } = drill;
  const writes = watching.type === 'watching' ? watching.writes : undefined;
  const safeMs = performance.now();
  const earlier = appendfsync === 'everysec' ? await decideUnsaved(drill) : undefined;
  const [projector] = sale.fleet.members('projector');
  projector?.signal('SIGSTOP');
  await options.pause(settleMs);
  const stoppedMs = performance.now();
  const unsavedSinceMs = (): number => Math.max(stoppedMs, writes?.lastSyncMs() ?? stoppedMs);
  if (appendfsync === 'always') await untilAccepted(sale, 5);
  else await untilSomeUnsaved(sale, unsavedSinceMs);
  await redis.kill('SIGSTOP');
  // Time for the output of strace, and for answers that Redis has already given.
  await options.pause(settleMs);
  const frozenMs = performance.now();
  const unsyncedBytes = writes?.unsyncedBytes();
  const copy =
    earlier !== undefined && writes === undefined
      ? earlier
      : takeCopy(redis.dir, { without: unsyncedBytes ?? 0 });
  await redis.kill('SIGKILL');
  putBack(redis.dir, copy);
  await redis.restart();
  const backMs = performance.now();
  const behind = await behindWatermark({ redisUrl: redis.url, databaseUrl: sale.databaseUrl });
  projector?.signal('SIGCONT');
  const lostFromMs = unsavedSinceMs();
  return {
    bounds: {
      lost: ({ askedAtMs, acceptedAtMs }) => askedAtMs > lostFromMs && (acceptedAtMs ?? frozenMs) < frozenMs,
      safe: ({ askedAtMs, acceptedAtMs }) => (acceptedAtMs ?? safeMs) < safeMs || askedAtMs > backMs,
    },
    behind,
    unsyncedBytes,
  };
};

/** At least one request must be answered and not saved; otherwise nothing can be lost. */
const untilSomeUnsaved = async ({ history }: Sale, sinceMs: () => number): Promise<void> => {
  const isEnough = (): boolean => history.acceptedSince(sinceMs()).length >= unsavedMin;
  if (await waitUntil(isEnough, { limitMs: unsavedMs })) return;
  throw new Error(`nothing that could be lost within ${unsavedMs} ms: Redis fsyncs too soon`);
};

/** Decides entries that will be lost: after the outage the decisions are above the end of the stream. */
const decideUnsaved = async (drill: PowerLoss): Promise<string> => {
  for (let tried = 1; ; tried += 1) {
    const copy = await untilJustSynced(drill);
    const syncedMs = performance.now();
    await aheadOfTime(drill.redis, tried * clockAheadMs);
    await untilDecidedMore(drill.sale);
    const { watching } = drill;
    if (tried === aheadTriesMax || watching.type === 'impossible' || watching.writes.lastSyncMs() < syncedMs)
      return copy;
  }
};

/**
 * The following second is the one that will be lost. Without strace, the copy made here marks its beginning.
 */
const untilJustSynced = async ({ redis, watching }: PowerLoss): Promise<string> => {
  if (watching.type === 'watching') {
    const { writes } = watching;
    const from = writes.syncs();
    // The second fsync since then covers everything written before this call.
    if (!(await waitUntil(() => writes.syncs() >= from + 2, { limitMs: syncMs })))
      throw new Error(`Redis did not fsync within ${syncMs} ms`);
  }
  return takeCopy(redis.dir, { without: 0 });
};

const nothingIsMissing = (lost: number): Check => ({
  what: `nothing that was answered is missing (${lost} are)`,
  verdict: lost === 0 ? 'kept' : 'broken',
});

const syncsFirst = (watching: WriteWatch): Check => {
  if (watching.type === 'impossible')
    return {
      what: `every reply comes after the fsync of what it answers: not looked at, ${watching.why}`,
      verdict: 'skipped',
    };
  const { writes } = watching;
  const early = writes.repliesBeforeSync();
  return {
    what: `every reply comes after the fsync of what it answers (strace: ${writes.replies()} replies, ${writes.syncs()} fsyncs, ${early} replies too early)`,
    verdict: early === 0 && writes.syncs() > 0 && writes.replies() > 0 ? 'kept' : 'broken',
  };
};

const howItWasCut = ({ unsyncedBytes }: Outage, watching: WriteWatch): Check =>
  watching.type === 'watching'
    ? { what: `put back what was fsynced, ${unsyncedBytes} bytes less than was written`, verdict: 'kept' }
    : {
        what: `what was fsynced could not be seen: ${watching.why}; put back an older copy`,
        verdict: 'skipped',
      };
