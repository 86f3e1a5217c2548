import type { AppendVerdict } from '../../src/log/contract.ts';
import { assert } from '../support/suite.ts';

/** A log whose appends wait for a replica (`ONSALE_DURABILITY=replicated`). */
export interface ReplicatedLog {
  readonly append: (count: number) => Promise<readonly AppendVerdict[]>;
  readonly entriesOfPrimary: () => Promise<number>;
  readonly entriesOfReplica: () => Promise<number>;
}

/** With no replica in reach: the entries are there, but nobody is told so. */
export const unknownWithoutReplica = async (log: Omit<ReplicatedLog, 'entriesOfReplica'>): Promise<void> => {
  const verdicts = await log.append(3);
  assert.equal(new Set(verdicts.map(({ type }) => type)), new Set(['unknown']));
  assert.is(await log.entriesOfPrimary(), 3);
};

/** With a replica: what was appended is on both. */
export const appendedOnBoth = async (log: Omit<ReplicatedLog, 'entriesOfPrimary'>): Promise<void> => {
  const verdicts = await log.append(20);
  assert.equal(new Set(verdicts.map(({ type }) => type)), new Set(['appended']));
  assert.is(await log.entriesOfReplica(), 20);
};
