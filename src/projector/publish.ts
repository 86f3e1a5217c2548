import type { RequestId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { KnownRequest } from '../store/contract.ts';
import { boardsAfter, keepBoards, opens } from './boards.ts';
import type { Decided } from './decide-entries.ts';
import { outcomesOf } from './outcomes-of.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishQuietly } from './publish-quietly.ts';

/**
 * Tells waiters what was committed, in that order, duplicates included: their sender is waiting too. A failure is only
 * logged, because a waiter looks into the tables before it gives up.
 */
export const publishUntold = async (owned: OwnedPartition): Promise<void> => {
  for (let decided = owned.untold.shift(); decided; decided = owned.untold.shift())
    await publishSettled(owned, decided);
};

const publishSettled = async (owned: OwnedPartition, { batch, known }: Decided): Promise<void> => {
  // What was known is as it was before the batch: whoever watches it must hear last what it is now.
  const outcomes = [...repeated(known), ...outcomesOf(batch)];
  const published = await publishQuietly(owned, {
    outcomes,
    boards: boardsAfter(owned, batch),
    position: batch.after.position,
  });
  if (!published) owned.boardsComplete = false;
  if (opens(batch)) await keepBoards(owned);
};

const repeated = (known: ReadonlyMap<RequestId, KnownRequest>): readonly Outcome[] =>
  [...known.values()].flatMap((settled) =>
    settled.type === 'parked' || settled.type === 'unreadable' ? [] : [settled],
  );
