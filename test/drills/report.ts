import type { Judgement } from '../chaos/judge.ts';
import type { Check } from '../chaos/report.ts';

/** One step of the drill, and its effects. */
export interface StepReport {
  readonly what: string;
  /**
   * The longest time without a decision, in all partitions or in the affected one; undefined if it was not
   * measured.
   */
  readonly gapMs?: number;
  /**
   * From the end of the step until every partition had decided again; undefined if one did not within a
   * minute.
   */
  readonly recoveredMs?: number | undefined;
  /** Number of answers of each kind from its beginning until then. */
  readonly answers: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

export interface DrillOutcome {
  readonly steps: readonly StepReport[];
  readonly checks: readonly Check[];
  readonly audit: Judgement;
}

export const isKept = ({ checks, audit }: DrillOutcome): boolean =>
  audit.verdict === 'kept' && checks.every(({ verdict }) => verdict !== 'broken');

const findingsMax = 20;

/** The outcome as text for people. */
export const renderOutcome = ({ checks, audit }: DrillOutcome): readonly string[] => [
  ...checks.map(({ verdict, what }) => `${verdict.padEnd(7)} ${what}`),
  `${audit.verdict.padEnd(7)} audit: ${Object.entries(audit.looked)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')}`,
  ...Object.entries(audit.findings)
    .flatMap(([invariant, found]) => found.map(({ about, what }) => `        ${invariant}: ${about} ${what}`))
    .slice(0, findingsMax),
];

export const renderStep = (step: StepReport): readonly string[] => {
  const { what, gapMs, answers, notes } = step;
  const times = [
    gapMs === undefined ? '' : `longest time without a decision ${seconds(gapMs)}`,
    'recoveredMs' in step ? `decided everywhere again after ${recovery(step.recoveredMs)}` : '',
  ].filter((text) => text !== '');
  return [
    `-- ${what}`,
    ...(times.length === 0 ? [] : [`   ${times.join('; ')}`]),
    ...notes.map((note) => `   ${note}`),
    `   answered: ${Object.entries(answers)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ')}`,
  ];
};

const recovery = (ms: number | undefined): string => (ms === undefined ? 'NEVER' : seconds(ms));

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
