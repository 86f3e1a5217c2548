import type { Risk } from '../../config/risks.ts';

/** One requirement that onsale's promises depend on. */
export interface Line {
  readonly name:
    | Risk
    | 'redis-role'
    | 'replica-clock'
    | 'read_only'
    | 'one-server'
    | 'schema'
    | 'partitions'
    | 'pair';
  readonly found: string;
  readonly wanted: string;
  /** What happens otherwise. */
  readonly why: string;
  /** What to do about it. */
  readonly cure: string;
  /** `unknown`: the server does not tell. An unknown requirement counts as unmet. */
  readonly verdict: 'ok' | 'unmet' | 'unknown';
}

/** A requirement of one server, without the answer. */
export interface Want<Look> {
  readonly name: Line['name'];
  readonly wanted: string;
  readonly why: string;
  readonly cure: string;
  /** The value as shown to people; undefined where the server does not tell. */
  readonly found: (look: Look) => string | undefined;
  readonly holds: (look: Look) => boolean;
}

const notShown = 'not shown';

/** One server's answer to one requirement. */
export const lineOf = <Look>(want: Want<Look>, look: Look | undefined): Line => {
  const { name, wanted, why, cure } = want;
  const found = look && want.found(look);
  if (look === undefined || found === undefined)
    return { name, found: notShown, wanted, why, cure, verdict: 'unknown' };
  return { name, found, wanted, why, cure, verdict: want.holds(look) ? 'ok' : 'unmet' };
};

/** The worst of several servers counts; those that differ are named. */
export const worstOf = (lines: readonly (Line & { readonly address?: string | undefined })[]): Line => {
  const worst = (['unmet', 'unknown', 'ok'] as const).find((verdict) =>
    lines.some((line) => line.verdict === verdict),
  );
  const [first] = lines;
  if (first === undefined || worst === undefined) throw new Error('no server was asked');
  const { name, wanted, why, cure } = first;
  const values = new Set(lines.map(({ found }) => found));
  const found = [...values].map((value) => {
    const where = lines.filter((line) => line.found === value).map(({ address }) => address);
    return values.size === 1 ? value : `${value} (${where.join(', ')})`;
  });
  return { name, found: found.join('; '), wanted, why, cure, verdict: worst };
};
