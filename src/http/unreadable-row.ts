import { ProblemError } from './problem.ts';

/** What is asked for is there, and this process cannot read it: asking again, or elsewhere, need not help. */
export const unreadableRow = (why: string): ProblemError =>
  new ProblemError(
    {
      code: 'internal-error',
      detail:
        'It exists, but what is stored of it cannot be read here. That is in our log; nothing else is affected.',
    },
    { cause: new Error(why) },
  );
