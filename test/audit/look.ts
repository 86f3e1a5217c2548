import { audit } from '../../src/audit/audit.ts';
import type { AuditReport, AuditSource, Invariant, Operation } from '../../src/audit/contract.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import { assert } from '../support/suite.ts';
import { type Remains, sourceOf } from './memory-source.ts';

/** The number of findings of each kind, for the kinds that occur. */
export const found = ({ findings }: AuditReport): Partial<Record<Invariant, number>> =>
  Object.fromEntries(
    Object.entries(findings).flatMap(([name, { count }]) => (count > 0 ? [[name, count]] : [])),
  );

export const named = ({ findings }: AuditReport, invariant: Invariant): readonly string[] =>
  findings[invariant].named.map(({ about }) => about);

/**
 * Audits with all sizes of pages and memory that matter: the result must not depend on which entries are
 * checked together.
 */
export const auditOf = async (
  it: Remains,
  {
    operations = [],
    source = sourceOf(it),
  }: { operations?: readonly Operation[]; source?: AuditSource } = {},
): Promise<AuditReport> => {
  const whole = await audit(source, operations);
  for (const pageEntries of [1, 3])
    assert.equal(await audit(source, operations, { pageEntries }), whole, `pages of ${pageEntries}`);
  for (const customersMax of [1, 2])
    assert.equal(
      sorted(await audit(source, operations, { customersMax })),
      sorted(whole),
      `memory for ${customersMax} customers`,
    );
  return whole;
};

/** Sorted, because a decision that is judged in a later reading is reported later. */
const sorted = ({ findings, ...rest }: AuditReport) => ({
  ...rest,
  findings: Object.values(findings).map(({ count, named }) => ({
    count,
    named: named.map(({ about, what }) => `${about}: ${what}`).toSorted(),
  })),
});

export const changed = (
  it: Remains,
  position: number,
  change: Partial<JournalEntry>,
): readonly JournalEntry[] =>
  withoutState(it.journal).map((entry) => (entry.position === position ? { ...entry, ...change } : entry));

/**
 * Removes the recorded states after decisions: they would no longer be true after one decision is changed.
 */
export const withoutState = (journal: readonly JournalEntry[]): readonly JournalEntry[] =>
  journal.map(({ poolsAfter, reservationAfter, ...entry }) => entry);
