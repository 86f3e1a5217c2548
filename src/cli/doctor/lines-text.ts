import { wrapped } from '../print/print-table.ts';
import type { Line } from './line.ts';

export type JudgedLine = Line & {
  /** Named in ONSALE_ACCEPT_RISK. */
  readonly accepted: boolean;
};

interface Judgement {
  /** Names of the requirements that these servers do not meet. */
  readonly amiss: readonly string[];
  readonly lines: readonly JudgedLine[];
  /** Why a server could not be asked. */
  readonly away: readonly string[];
}

/** For people: the summary, then the lines, those that need action first; no line is wider than a terminal. */
export const linesText = ({ amiss, lines, away }: Judgement): string =>
  [
    amiss.length === 0 && away.length === 0
      ? 'these servers are fit for a sale'
      : wrapped(`! not fit for a sale: ${amiss.join(', ')}`, { indent: 2 }),
    ...away.map((why) => wrapped(`! ${why}`, { indent: 2 })),
    `${lines.length} lines: ${sumOf(lines)}`,
    '',
    ...order.flatMap((verdict) => lines.filter((line) => line.verdict === verdict).map(lineText)),
    '',
  ].join('\n');

const order = ['unmet', 'unknown', 'ok'] as const;

const sumOf = (lines: readonly Line[]): string =>
  order.map((verdict) => `${lines.filter((line) => line.verdict === verdict).length} ${verdict}`).join(', ');

const verdictWidth = 9;

const lineText = ({ name, found, wanted, why, cure, verdict, accepted }: JudgedLine): string => {
  const indent = verdictWidth;
  const head = verdict.padEnd(indent);
  if (verdict === 'ok') return wrapped(`${head}${name}: ${found}`, { indent });
  const begin = ' '.repeat(indent);
  return [
    `${head}${name}: ${found}, wanted ${wanted}${accepted ? ' (accepted)' : ''}`,
    `${begin}why:  ${why}`,
    `${begin}cure: ${cure}`,
  ]
    .map((text) => wrapped(text, { indent: indent + 2 }))
    .join('\n');
};
