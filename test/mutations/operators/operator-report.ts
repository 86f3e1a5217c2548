import type { JudgedMutant } from './judge-mutants.ts';
import type { MutantJudgement } from './judgements-file.ts';
import { type Mutant, mutantKey, operators } from './mutant.ts';
import type { Survivors } from './survivors.ts';

export const isSurvivor = ({ verdict }: MutantJudgement): boolean =>
  verdict === 'survived' || verdict === 'unreached';

/** As survivors.txt has it, below the place and what is known about it. */
export const showSurvivor = ({ mutant, verdict }: JudgedMutant, survivors: Survivors): string => {
  const known = survivors.get(mutantKey(mutant));
  const said = known ? known.why : 'NOT IN survivors.txt';
  return `# ${verdict}: ${mutant.file}:${mutant.line} ${mutant.operator}; ${said}\n${mutantKey(mutant)}\n`;
};

export interface SummaryOptions {
  readonly mutants: readonly Mutant[];
  readonly survivors: Survivors;
}

export interface Summary {
  readonly text: string;
  /** The number of survivors that survivors.txt does not name. */
  readonly unknown: number;
}

const numbers = ['mutants', 'judged', 'killed', 'timed out', 'survived', 'unreached'] as const;

/** A table by operator and by room, and the score. */
export const summary = (judged: readonly JudgedMutant[], { mutants, survivors }: SummaryOptions): Summary => {
  const surviving = judged.filter(isSurvivor);
  const known = surviving.map(({ mutant }) => survivors.get(mutantKey(mutant)));
  const unknown = known.filter((one) => one === undefined).length;
  const open = known.filter((one) => one?.isOpen).length;
  const noticed = judged.length - surviving.length;
  const row = (name: string, isOf: (mutant: Mutant) => boolean): string => {
    const own = judged.filter(({ mutant }) => isOf(mutant));
    const count = (verdict: MutantJudgement['verdict']): number =>
      own.filter((one) => one.verdict === verdict).length;
    const cells = [mutants.filter(isOf).length, own.length, count('killed'), count('timed-out')];
    return `| ${[name, ...cells, count('survived'), count('unreached')].join(' | ')} |`;
  };
  const lines = [
    `| | ${numbers.join(' | ')} |`,
    `|---|${numbers.map(() => '---|').join('')}`,
    ...operators.map((operator) => row(operator, (mutant) => mutant.operator === operator)),
    ...rooms.map((room) => row(`\`${room}\``, ({ file }) => file.startsWith(room))),
    row('all', () => true),
    '',
    `${noticed} of ${judged.length} judged mutants noticed (${percent(noticed, judged.length)}), ` +
      `${judged.length} of ${mutants.length} judged (${percent(judged.length, mutants.length)}); ` +
      `${surviving.length} survive: ${surviving.length - open - unknown} explained, ${open} open, ${unknown} unknown`,
  ];
  return { text: lines.join('\n'), unknown };
};

const rooms = ['src/domain', 'src/projector', 'src/store/commit'] as const;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`;
