import { hash } from 'node:crypto';
import { type Line, sumLines } from '../domain/lines.ts';
import type { RequestKey } from '../domain/requests.ts';

export interface Keyed {
  /** Whose key it is: keys of two customers never meet. */
  readonly scope: readonly string[];
  /** The command as it is understood: what says the same in other words is the same. */
  readonly command: () => readonly unknown[];
}

/** The Idempotency-Key as log and tables know it; undefined without the header. */
export const requestKeyOf = (
  header: string | readonly string[] | undefined,
  { scope, command }: Keyed,
): RequestKey | undefined =>
  typeof header === 'string'
    ? { hash: digest([...scope, unquoted(header)]), fingerprint: digest(command()) }
    : undefined;

/** 16 bytes: nobody finds two that collide by accident, and a key only ever hurts its own customer. */
const digest = (parts: readonly unknown[]): string =>
  hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);

const unquoted = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;

/** Two lines of a pool ask for their sum, and the order of pools means nothing. */
export const linesInOrder = (lines: readonly Line[]): readonly Line[] =>
  sumLines(lines).toSorted((a, b) => (a.poolId < b.poolId ? -1 : 1));
