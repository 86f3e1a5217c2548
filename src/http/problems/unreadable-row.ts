import { ProblemError } from './problem.ts';

/** What is asked for is there, and this process cannot read it: asking again, or elsewhere, need not help. */
export const unreadableRow = (why: string): ProblemError =>
  new ProblemError(
    {
      code: 'internal-error',
      detail: 'It exists, but its stored row cannot be read. That is in the log; nothing else is affected.',
    },
    { cause: new Error(why) },
  );
