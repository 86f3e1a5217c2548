import { printable } from './print-table.ts';

/** The exit codes of every verb; docs/reference/command-line.md explains them. */
export const exitCodes = {
  /** Done, and no action is needed. */
  done: 0,
  /** It could not be done: a server is away, or it refused. */
  failed: 1,
  /** Wrong usage or settings. */
  wrong: 2,
  /** Done, and action is needed. */
  attention: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Wrong usage that only the verb itself can detect; the reason in one line. */
export interface Misuse {
  readonly misuse: string;
}

/** One line on stderr. */
export const complain = (verb: string, why: string): void => {
  process.stderr.write(`onsale ${verb}: ${printable(why)}\n`);
};
