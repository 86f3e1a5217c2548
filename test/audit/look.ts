import { audit } from '../../src/audit/audit.ts';
import type { AuditReport, AuditSource, Invariant, Operation } from '../../src/audit/contract.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import { assert } from '../support/suite.ts';
import { type Remains, sourceOf } from './memory-source.ts';

/** Each kind that was found, as often as it was found. */
export const found = ({ findings }: AuditReport): Partial<Record<Invariant, number>> =>
  Object.fromEntries(
    Object.entries(findings).flatMap(([name, { count }]) => (count > 0 ? [[name, count]] : [])),
  );

export const named = ({ findings }: AuditReport, invariant: Invariant): readonly string[] =>
  findings[invariant].named.map(({ about }) => about);

/** By pages and memories of every size that matters: nothing may depend on what happens to be looked at together. */
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

/** What is judged on a later reading is found later. */
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

/** Decisions keep how things stood after them; where one of them is another, the rest would not be so. */
export const withoutState = (journal: readonly JournalEntry[]): readonly JournalEntry[] =>
  journal.map(({ poolsAfter, reservationAfter, ...entry }) => entry);
