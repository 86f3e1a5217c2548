import type { Judgement } from './judge.ts';
import type { DrillReport, InjectedFault, PartReport } from './report.ts';
import type { TakeOver } from './take-overs.ts';

const namedMax = 20;

/** The report as text for people. */
export const renderReport = (report: DrillReport): string =>
  [
    '# Fault drill',
    '',
    `Verdict: **${report.verdict}**. Seed ${report.seed}, ${report.seconds} s, started ${report.startedAt}, onsale ${report.version}, Node ${report.node}.`,
    '',
    `Again: \`${report.command}\``,
    ...report.parts.flatMap(renderPart),
    '',
  ].join('\n');

const renderPart = (part: PartReport): readonly string[] => [
  '',
  `## ${part.name}: ${part.verdict}`,
  '',
  `${part.seconds} s.${longestGapOf(part)}`,
  ...section(
    '### Checks',
    part.checks.map(({ what, verdict }) => `- ${verdict}: ${what}`),
  ),
  ...Object.entries(part.audits).flatMap(([name, judgement]) => renderAudit(name, judgement)),
  ...section('### Faults', part.faults.length === 0 ? [] : [...faultHead, ...part.faults.map(renderFault)]),
  ...section('### By kind of fault', part.faults.length === 0 ? [] : [...kindHead, ...byKind(part.faults)]),
  ...section(
    '### Take-overs',
    part.takeOvers.length === 0 ? [] : [...takeOverHead, ...renderTakeOvers(part.takeOvers)],
  ),
  ...section('### Requests', Object.keys(part.requests).length === 0 ? [] : renderRequests(part.requests)),
];

const longestGapOf = ({ longestGapMs }: PartReport): string =>
  longestGapMs === undefined
    ? ''
    : ` Longest time without a decision while load ran: ${seconds(longestGapMs)}.`;

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, '', ...lines];

const renderAudit = (name: string, { verdict, findings, looked }: Judgement): readonly string[] => {
  const looks = Object.entries(looked).map(([what, count]) => `${count} ${what}`);
  const counts = Object.entries(findings).map(([invariant, found]) => `| ${invariant} | ${found.length} |`);
  const all = Object.entries(findings).flatMap(([invariant, found]) =>
    found.map(({ about, what }) => `- ${invariant}: \`${about}\` ${what}`),
  );
  const more = all.length > namedMax ? [`- and ${all.length - namedMax} more, in the JSON`] : [];
  return [
    ...section(`### Audit, ${name}: ${verdict}`, [`Looked at ${looks.join(', ')}.`]),
    '',
    '| invariant broken | times |',
    '|---|---|',
    ...counts,
    ...(all.length === 0 ? [] : ['', ...all.slice(0, namedMax), ...more]),
  ];
};

const faultHead = [
  '| at | fault | lasted | recovered after | longest gap | seen |',
  '|---|---|---|---|---|---|',
];

const renderFault = ({ atMs, kind, tookMs, recoveredMs, gapMs, notes, wrong }: InjectedFault): string => {
  const recovery = recoveredMs === undefined ? '**never**' : seconds(recoveredMs);
  const remarks = [...notes, ...wrong.map((what) => `**wrong: ${what}**`)].join('; ');
  return `| ${seconds(atMs)} | ${kind} | ${seconds(tookMs)} | ${recovery} | ${seconds(gapMs)} | ${remarks} |`;
};

const kindHead = ['| fault | times | slowest recovery | longest gap |', '|---|---|---|---|'];

const byKind = (faults: readonly InjectedFault[]): readonly string[] =>
  [...grouped(faults, ({ kind }) => kind)].map(([kind, those]) => {
    const never = those.some(({ recoveredMs }) => recoveredMs === undefined);
    const slowest = Math.max(...those.map(({ recoveredMs }) => recoveredMs ?? 0));
    const gap = Math.max(...those.map(({ gapMs }) => gapMs));
    return `| ${kind} | ${those.length} | ${never ? '**never**' : seconds(slowest)} | ${seconds(gap)} |`;
  });

const takeOverHead = [
  'From the loss of the owner to the first commit of the next one.',
  '',
  '| owner | partitions | fastest | median | slowest |',
  '|---|---|---|---|---|',
];

const renderTakeOvers = (takeOvers: readonly TakeOver[]): readonly string[] =>
  [...grouped(takeOvers, ({ how }) => how)].map(([how, those]) => {
    const took = those.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
    const at = (share: number): string => seconds(took[Math.floor(share * (took.length - 1))] ?? 0);
    return `| ${how} | ${took.length} | ${at(0)} | ${at(0.5)} | ${at(1)} |`;
  });

const renderRequests = (requests: PartReport['requests']): readonly string[] => [
  '| request and answer | times |',
  '|---|---|',
  ...Object.entries(requests)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, count]) => `| ${label} | ${count} |`),
];

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

const grouped = <Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item]);
  return groups;
};
