import { alone, type Commits, commitBatch } from './commit-batch.ts';
import type { DecidedBatch, Settlement } from './decide/batch.ts';
import { decideEntries } from './decide-entries.ts';
import type { DuplicateCheck } from './load-situation.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishCommitted } from './publish.ts';
import { lapseUntilMs, type Reading } from './reading.ts';
import { afterRefusal, attemptAfterCommit } from './refusals.ts';
import type { Verdict } from './verdict.ts';

/** Work to do while a batch is being committed. Never throws. */
type ConcurrentWork = (decided: Settlement) => Promise<void>;

/** How a batch is settled; by default alone and with nothing else to do. */
interface Settling {
  readonly commits?: Commits;
  readonly meanwhile?: ConcurrentWork;
}

/**
 * Decides, commits and publishes the next batch of the entries that were read, with the holds that lapse among them.
 * Entries that do not fit, or that come after a batch that was made smaller, are left to the next step.
 */
export const settle = async (
  owned: OwnedPartition,
  reading: Reading,
  { commits = alone(owned), meanwhile }: Settling = {},
): Promise<Verdict> => {
  const { ahead } = reading;
  const ready = ahead?.base === owned.progress ? ahead.decided : undefined;
  if (!ready) await owned.published;
  const decided = ready ?? (await decideNext(owned, reading, 'late-ones'));
  if (decided.judgements.length === 0) return nothingToJudge(reading);
  return await commitDecided(owned, { reading, decided, duplicateCheck: 'late-ones', commits, meanwhile });
};

const decideNext = (
  owned: OwnedPartition,
  reading: Reading,
  duplicateCheck: DuplicateCheck,
): Promise<Settlement> => {
  const { entries, nowMs } = reading;
  const { max, refusedBecause } = owned.attempt;
  return decideEntries(owned, {
    entries,
    nowMs,
    lapseUntilMs: lapseUntilMs(reading),
    max: Math.min(max, owned.share),
    duplicateCheck,
    refusedBecause,
  });
};

const nothingToJudge = ({ newer, lastDelivered }: Reading): Verdict =>
  newer ? { type: 'newer', version: newer.version } : { type: 'idle', after: lastDelivered };

interface CommitInput {
  readonly reading: Reading;
  readonly decided: Settlement;
  readonly duplicateCheck: DuplicateCheck;
  readonly commits: Commits;
  readonly meanwhile?: ConcurrentWork | undefined;
}

const commitDecided = async (owned: OwnedPartition, input: CommitInput): Promise<Verdict> => {
  const { reading, decided, commits, meanwhile } = input;
  const { batch, left, judgements } = decided;
  owned.lapsing = judgements.reduce((sum, { type }) => (type === 'lapse' ? sum + 1 : sum), 0);
  const [commit] = await bothEnded(commitBatch(owned, batch, commits), meanwhile?.(decided));
  switch (commit.type) {
    case 'committed':
      owned.attempt = attemptAfterCommit(owned);
      owned.rest = restOf(reading, left);
      await publishCommitted(owned, decided, isNextDecided(owned, batch) ? 'during-next-commit' : 'now');
      return { type: 'committed', decisions: batch.journal.length };
    case 'duplicate':
      return await settleAroundDuplicates(owned, input);
    case 'refused':
      owned.rest = restOf(reading, reading.entries);
      return afterRefusal(owned, judgements, commit.error);
    case 'fenced':
    case 'retry':
      return commit;
  }
};

/** Undefined when the next step may read again. */
const restOf = (
  { ahead: _decided, ...reading }: Reading,
  entries: Reading['entries'],
): Reading | undefined => (entries.length > 0 || reading.newer ? { ...reading, entries } : undefined);

/** Rejects with the first error, but only after both have ended: a step leaves nothing in flight. */
const bothEnded = async <One, Other>(
  one: Promise<One>,
  other: Promise<Other> | undefined,
): Promise<[One, Other | undefined]> => {
  await Promise.allSettled([one, other]);
  return [await one, await other];
};

const isNextDecided = ({ ahead }: OwnedPartition, batch: DecidedBatch): boolean =>
  ahead?.decided !== undefined && ahead.base === batch.after;

/** All is decided again: dropping only the duplicate's row from the decided batch would take its places twice. */
const settleAroundDuplicates = async (
  owned: OwnedPartition,
  { reading, duplicateCheck }: CommitInput,
): Promise<Verdict> => {
  if (duplicateCheck === 'all')
    return {
      type: 'retry',
      error: new Error('a request is known to the unique key but not to the look-up'),
    };
  const decided = await decideNext(owned, reading, 'all');
  return await commitDecided(owned, { reading, decided, duplicateCheck: 'all', commits: alone(owned) });
};
