import type { Verdict } from './judge.ts';
import { type Catcher, catcherName, type Mutation } from './mutation.ts';

/** What became of one mutation. */
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

/** The first that catches counts; where none does, a catcher that broke has found nothing out. */
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

/** In Markdown, so that it can stand in a document as it is. */
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
