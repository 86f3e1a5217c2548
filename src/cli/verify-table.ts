import type { AuditReport, Findings } from '../audit/contract.ts';

const namedMax = 20;

/** The report for people: what was looked at, one line an invariant, and the first findings by name. */
export const tableOf = ({ verdict, findings, looked }: AuditReport): string => {
  const all = Object.entries(findings);
  const broken = all.filter(([, { count }]) => count > 0).length;
  const each = Math.floor(namedMax / Math.max(1, broken));
  const { partitions, decisions, late, raised, reservations, shows, entries, parked, dismissed, operations } =
    looked;
  return [
    `looked at ${partitions} partitions: ${decisions} decisions (${late} late, ${raised} judged later than their ids say), ${reservations} reservations of ${shows} shows,`,
    `          ${entries} entries still on the streams, ${parked} parked${dismissed > 0 ? ` (and ${dismissed} dismissed)` : ''}; and ${operations} ids that clients were given`,
    '',
    ...all.flatMap(([name, found]) => [
      `  ${name.padEnd(14)}${String(found.count).padStart(8)}`,
      ...linesOf(found, each),
    ]),
    '',
    verdict === 'kept' ? 'Every promise was kept.' : 'Promises were broken.',
    '',
  ].join('\n');
};

const linesOf = ({ count, named }: Findings, most: number): readonly string[] => {
  const shown = named.slice(0, most).map(({ about, what }) => `      ${about}: ${what}`);
  return count > shown.length ? [...shown, `      … and ${count - shown.length} more (--json)`] : shown;
};
