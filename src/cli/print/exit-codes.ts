import { printable } from './print-table.ts';

/** What every verb ends with; docs/reference/command-line.md says the same at length. */
export const exitCodes = {
  /** Done, and nothing needs anybody. */
  done: 0,
  /** It could not be done: a server is away, or refused. */
  failed: 1,
  /** Asked wrongly. */
  wrong: 2,
  /** Done, and something needs attention. */
  attention: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Asked wrongly in a way that only the verb itself can see; why, as one line. */
export interface Misuse {
  readonly misuse: string;
}

/** One line on stderr. */
export const complain = (verb: string, why: string): void => {
  process.stderr.write(`onsale ${verb}: ${printable(why)}\n`);
};
