import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Mutant } from './mutant.ts';

export type MutantVerdict =
  /** A test failed, or a simulated promise was broken. */
  | 'killed'
  /** The tests did not end in time: the mutant waits or loops for ever. */
  | 'timed-out'
  /** Everything passed. */
  | 'survived'
  /** No test reaches it. */
  | 'unreached';

export interface MutantJudgement {
  readonly verdict: MutantVerdict;
  /** The test file or the simulation that noticed it. */
  readonly by?: string;
}

/**
 * The judgements of earlier runs, so that a pass of hours can be made in pieces. A mutant of a file that has
 * changed since counts as not judged.
 */
export interface JudgementsFile {
  readonly of: (mutant: Mutant) => MutantJudgement | undefined;
  readonly keep: (mutant: Mutant, judgement: MutantJudgement) => void;
}

export const openJudgements = (path: string, sourceOf: (file: string) => string): JudgementsFile => {
  mkdirSync(dirname(path), { recursive: true });
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  const known = new Map(lines.map(parseLine));
  const keyOf = ({ file, start, end, text }: Mutant): string =>
    createHash('sha256')
      .update(JSON.stringify([file, sourceOf(file), start, end, text]))
      .digest('hex');
  return {
    of: (mutant) => known.get(keyOf(mutant)),
    keep: (mutant, judgement) => {
      const key = keyOf(mutant);
      known.set(key, judgement);
      appendFileSync(
        path,
        `${JSON.stringify({ key, file: mutant.file, line: mutant.line, ...judgement })}\n`,
      );
    },
  };
};

const parseLine = (line: string): [string, MutantJudgement] => {
  const { key, verdict, by } = JSON.parse(line) as MutantJudgement & { readonly key: string };
  return [key, { verdict, ...(by !== undefined && { by }) }];
};
