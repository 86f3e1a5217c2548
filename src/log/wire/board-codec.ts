import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Board, FullPool } from '../../domain/board.ts';
import type { ShowId } from '../../domain/ids.ts';
import { limits } from '../../domain/limits.ts';
import { rulesType } from './rules-wire.ts';
import { countType, poolIdType, timeMsType } from './wire-types.ts';

/**
 * A board is JSON: {"v":1,"revision":…,"rules":{…},"pools":[<pool>,…],"judged":<ms>}. `judged` may be
 * missing; the show is in the key's name. Full pools have a key of their own, {"v":1,"pools":[[<pool>,<may
 * return>],…]}, because it expires much sooner. Unknown members are ignored: they are from a newer version,
 * since projectors are upgraded first. An unknown rule makes the board unreadable.
 */
const boardCheck = Compile(
  Type.Object({
    v: Type.Literal(1),
    revision: countType,
    rules: rulesType,
    pools: Type.Array(poolIdType, { maxItems: limits.poolsPerShow }),
    judged: Type.Optional(timeMsType),
  }),
);

const fullCheck = Compile(
  Type.Object({
    v: Type.Literal(1),
    pools: Type.Array(Type.Tuple([poolIdType, Type.Boolean()]), { maxItems: limits.poolsPerShow }),
  }),
);

export const encodeBoard = ({ revision, rules, pools, judgedMs }: Board): string =>
  JSON.stringify({ v: 1, revision, rules, pools, judged: judgedMs });

/** Returns an empty text when no pool is full. */
export const encodeFull = (full: readonly FullPool[]): string =>
  full.length === 0 ? '' : JSON.stringify({ v: 1, pools: full.map(({ id, mayReturn }) => [id, mayReturn]) });

/** Undefined for anything that this version cannot read; the door then lets every request through. */
export const decodeBoard = (showId: ShowId, text: string): Board | undefined => {
  const value = parsedJson(text);
  if (!boardCheck.Check(value)) return undefined;
  const { revision, rules, pools, judged } = value;
  return { showId, revision, rules, pools, ...(judged !== undefined && { judgedMs: judged }) };
};

export const decodeFull = (text: string): readonly FullPool[] => {
  // Nearly always: an error of JSON.parse for each board that is read would cost more than the board.
  if (text === '') return [];
  const value = parsedJson(text);
  return fullCheck.Check(value) ? value.pools.map(([id, mayReturn]) => ({ id, mayReturn })) : [];
};

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
