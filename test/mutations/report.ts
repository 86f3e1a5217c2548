import type { Verdict } from './judge.ts';
import { type Catcher, catcherName, type Mutation } from './mutation.ts';

/** The result of one mutation. */
export interface Finding {
  readonly mutation: Pick<Mutation, 'name' | 'what'>;
  readonly outcome: Outcome;
  readonly ms: number;
}

export type Outcome =
  | { readonly type: 'caught'; readonly catcher: Catcher; readonly by: string }
  | { readonly type: 'survived' }
  | { readonly type: 'not applied'; readonly why: string }
  | { readonly type: 'broke'; readonly why: string };

/**
 * The first catcher that catches it counts. If none does and one broke, the result is "broke", because
 * nothing was proved.
 */
export const outcomeOf = (
  judged: readonly { readonly catcher: Catcher; readonly verdict: Verdict }[],
): Outcome => {
  for (const { catcher, verdict } of judged)
    if (verdict.type === 'caught') return { type: 'caught', catcher, by: verdict.by };
  for (const { catcher, verdict } of judged)
    if (verdict.type === 'broke') return { type: 'broke', why: `${catcherName(catcher)}: ${verdict.why}` };
  return { type: 'survived' };
};

const told = (outcome: Outcome): string => {
  switch (outcome.type) {
    case 'caught':
      return `${outcome.catcher.type === 'test' ? outcome.catcher.file : catcherName(outcome.catcher)}: ${outcome.by}`;
    case 'survived':
      return 'SURVIVED: no catcher noticed';
    case 'not applied':
      return `DOES NOT APPLY: ${outcome.why}`;
    case 'broke':
      return `NOT FOUND OUT: ${outcome.why}`;
  }
};

/** A Markdown table, to be pasted into a document. */
export const table = (findings: readonly Finding[]): string =>
  [
    '| mutation | taken out | caught by | s |',
    '|---|---|---|--:|',
    ...findings.map(
      ({ mutation, outcome, ms }) =>
        `| ${[mutation.name, mutation.what, told(outcome), (ms / 1_000).toFixed(1)].map(cell).join(' | ')} |`,
    ),
  ].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
