import type { AuditReport, Finding, Findings, Invariant } from '../contract.ts';

const namedMax = 10_000;

/** Collects findings: all are counted, the first of each kind are named. */
export interface Notes {
  note(invariant: Invariant, about: string, what: string): void;
  report(): Pick<AuditReport, 'verdict' | 'findings'>;
}

interface FindingList extends Findings {
  count: number;
  readonly named: Finding[];
}

export const newNotes = (): Notes => {
  // In the order of importance, which is also the order of the report.
  const findings: Readonly<Record<Invariant, FindingList>> = {
    oversold: { count: 0, named: [] },
    lost: { count: 0, named: [] },
    undersold: { count: 0, named: [] },
    'over-limit': { count: 0, named: [] },
    untimely: { count: 0, named: [] },
    'out-of-order': { count: 0, named: [] },
    duplicated: { count: 0, named: [] },
    disagreeing: { count: 0, named: [] },
    unfenced: { count: 0, named: [] },
  };
  return {
    note: (invariant, about, what) => {
      const kept = findings[invariant];
      kept.count += 1;
      if (kept.named.length < namedMax) kept.named.push({ about, what });
    },
    report: () => ({
      verdict: Object.values(findings).every(({ count }) => count === 0) ? 'kept' : 'broken',
      findings,
    }),
  };
};
