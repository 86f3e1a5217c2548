import { ProblemError } from './problem.ts';

/**
 * The resource exists, but this process cannot read its row. Trying again, or another process, may not help.
 */
export const unreadableRow = (why: string): ProblemError =>
  new ProblemError(
    {
      code: 'internal-error',
      detail: 'It exists, but its stored row cannot be read. That is in the log; nothing else is affected.',
    },
    { cause: new Error(why) },
  );
