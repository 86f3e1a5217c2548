import { cancelType, confirmType, extendType } from './follow-up-wire.ts';
import type { WireVersion } from './request-wire.ts';
import { reserveType } from './reservation-wire.ts';
import { changeAmongType, changeType, openType } from './show-wire.ts';

const typesOf1 = {
  reserve: reserveType,
  open: openType,
  change: changeType,
  confirm: confirmType,
  extend: extendType,
  cancel: cancelType,
} as const;

/** Members that any request may have besides those of its kind: its trace. */
const ofEveryRequest = ['traceparent', 'tracestate'];

type KnownMembers = ReadonlyMap<unknown, ReadonlySet<string>>;

const membersOf = (types: Readonly<Record<string, { readonly properties: object }>>): KnownMembers =>
  new Map(
    Object.entries(types).map(([t, { properties }]) => [
      t,
      new Set([...Object.keys(properties), ...ofEveryRequest]),
    ]),
  );

const members: Readonly<Record<WireVersion, KnownMembers>> = {
  1: membersOf(typesOf1),
  2: membersOf({ ...typesOf1, change: changeAmongType }),
};

/**
 * Removes members that this version does not know. Only members of the request itself are removed, not nested
 * ones: otherwise an unknown rule of a show would be lost from its decision.
 */
export const knownMembers = (wire: unknown, version: WireVersion): unknown => {
  if (typeof wire !== 'object' || wire === null || !('t' in wire)) return wire;
  const known = members[version].get(wire.t);
  return known ? Object.fromEntries(Object.entries(wire).filter(([name]) => known.has(name))) : wire;
};
