import { waitUntil } from '../../infra/local/wait-until.ts';
import type { BenchServers } from './bench-servers.ts';
import type { PromiseCheck } from './kept.ts';
import { connections, planFor } from './loaders.ts';
import { plenty } from './measure-throughput.ts';
import type { Bench } from './parts/part.ts';
import { sendPlan } from './send-plan.ts';
import type { SendPlan } from './sender/plan.ts';
import type { RunningSide, SaleCount, Side } from './sides/side.ts';

export const placesOffered = 1_000;
const askedFor = 3_000;
const undisturbed = 2_000;
// Once this many are decided, the load has fully begun.
const crashAfter = 500;
const crashLimitMs = 30_000;
const crashesMax = 3;
// The marks of one crash's requests begin above those of the crash before.
const crashMarks = 10_000_000;
const soldOutQuietMs = 1_000;
// Longer than any side takes to find the unfinished work of its dead processes.
const lostQuietMs = 4_000;
const settleLimitMs = 60_000;

export interface PromiseWatch {
  readonly kept: PromiseCheck;
  /** Places sold while demand exceeded capacity. */
  readonly sold: number;
}

/**
 * Checks a side's promises by counting. First it sends three times as many requests as there are places. Then
 * there are enough places, and every answer is looked up in the tables: first undisturbed, then after a kill
 * -9 of the side's own processes.
 */
export const watchPromises = async (
  side: Side,
  { servers, asked: { quick } }: Pick<Bench, 'servers' | 'asked'>,
): Promise<PromiseWatch> => {
  const sold = await on(side, servers, placesOffered, sellOut);
  const found = await on(side, servers, plenty, async (running) => {
    const lost = await lostUndisturbed(running);
    return { lost, ...(await afterCrashes(running, quick ? 1 : crashesMax)) };
  });
  return { sold, kept: { oversold: Math.max(0, sold - placesOffered), ...found } };
};

const on = async <Result>(
  side: Side,
  servers: BenchServers,
  capacity: number,
  look: (running: RunningSide) => Promise<Result>,
): Promise<Result> => {
  const running = await side.start({ ...(await servers.fresh()), capacity });
  try {
    return await look(running);
  } finally {
    await running.stop();
  }
};

const sellOut = async (running: RunningSide): Promise<number> => {
  await sendPlan(markedPlan(running, { max: askedFor, from: 0, seconds: 60 }));
  // A side that oversells may still be selling after the last place is gone.
  const { places } = await quiet(running, { quietMs: soldOutQuietMs, isWanted: () => false });
  return places;
};

const lostUndisturbed = async (running: RunningSide): Promise<number> => {
  const { accepted } = await sendPlan(markedPlan(running, { max: undisturbed, from: 0, seconds: 60 }));
  const sold = await quiet(running, nothingMissing(accepted));
  return missingIn(sold, accepted);
};

type AfterCrash = Pick<PromiseCheck, 'beforeDurable' | 'twice'>;

/**
 * Whether a crash loses anything depends on the exact moment, so crashes are repeated until one shows a loss.
 */
const afterCrashes = async (running: RunningSide, crashes: number): Promise<AfterCrash> => {
  let found: AfterCrash = { beforeDurable: 0, twice: 0 };
  for (let n = 0; n < crashes && found.beforeDurable === 0; n += 1)
    found = await afterCrash(running, undisturbed + n * crashMarks);
  return found;
};

const afterCrash = async (running: RunningSide, from: number): Promise<AfterCrash> => {
  const before = await running.decided();
  const sending = sendPlan(markedPlan(running, { from, seconds: crashLimitMs / 1_000 }));
  const isBusy = async (): Promise<boolean> => (await running.decided()) - before >= crashAfter;
  await Promise.race([waitUntil(isBusy, { limitMs: crashLimitMs, everyMs: 10 }), sending]);
  await running.crash();
  const { accepted } = await sending;
  await running.recover();
  const sold = await quiet(running, nothingMissing(accepted));
  return {
    beforeDurable: missingIn(sold, accepted),
    twice: sold.references.length - new Set(sold.references).size,
  };
};

const markedPlan = (
  { target }: RunningSide,
  { from, ...load }: { readonly from: number; readonly seconds: number; readonly max?: number },
): SendPlan => ({
  ...planFor(
    { ...target, body: { ...target.body, reference: '{n}' } },
    { type: 'closed', connections, ...load },
  ),
  from,
  remember: true,
});

const missingIn = ({ references }: SaleCount, marks: readonly string[]): number => {
  const known = new Set(references);
  return marks.filter((mark) => !known.has(mark)).length;
};

interface SettleCondition {
  readonly quietMs: number;
  readonly isWanted: (sold: SaleCount) => boolean;
}

const nothingMissing = (marks: readonly string[]): SettleCondition => ({
  quietMs: lostQuietMs,
  isWanted: (sold) => missingIn(sold, marks) === 0,
});

/**
 * Resolves to the sales once the condition holds, or once nothing has changed for a while: no later sales are
 * expected.
 */
const quiet = async (running: RunningSide, { quietMs, isWanted }: SettleCondition): Promise<SaleCount> => {
  let sold = await running.sold();
  let changedMs = performance.now();
  const isQuiet = async (): Promise<boolean> => {
    if (isWanted(sold)) return true;
    const now = await running.sold();
    if (now.references.length !== sold.references.length) changedMs = performance.now();
    sold = now;
    return performance.now() - changedMs > quietMs;
  };
  await waitUntil(isQuiet, { limitMs: settleLimitMs, everyMs: 100 });
  return sold;
};
