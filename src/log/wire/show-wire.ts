import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { limits } from '../../domain/limits.ts';
import type { PoolChange, ShowChangeRequested, ShowOpeningRequested } from '../../domain/requests.ts';
import {
  fault,
  faultIn,
  firstRepeated,
  keyOf,
  keyOnWire,
  keyType,
  type RequestReading,
} from './request-reading.ts';
import { ruleChangesType, rulesType } from './rules-wire.ts';
import {
  capacityType,
  closed,
  countType,
  nameType,
  poolIdType,
  requestIdType,
  showIdType,
} from './wire-types.ts';

export const openType = Type.Object(
  {
    t: Type.Literal('open'),
    id: showIdType,
    name: nameType,
    pools: Type.Array(Type.Tuple([poolIdType, nameType, capacityType]), {
      minItems: 1,
      maxItems: limits.poolsPerShow,
    }),
    rules: rulesType,
    key: Type.Optional(keyType),
  },
  closed,
);

/** `null` means that a value stays as it is. */
const poolChangeType = Type.Tuple([
  poolIdType,
  Type.Union([nameType, Type.Null()]),
  Type.Union([capacityType, Type.Null()]),
]);

const ofAnyChange = {
  t: Type.Literal('change'),
  id: requestIdType,
  show: showIdType,
  name: Type.Optional(nameType),
  pools: Type.Optional(Type.Array(poolChangeType, { maxItems: limits.poolsPerShow })),
  rules: Type.Optional(ruleChangesType),
  force: Type.Optional(Type.Literal(true)),
  key: Type.Optional(keyType),
};

/** A change to one given revision. */
export const changeType = Type.Object({ ...ofAnyChange, rev: countType }, closed);

/** A change to one of several revisions, or to any. */
export const changeAmongType = Type.Object(
  {
    ...ofAnyChange,
    revs: Type.Optional(Type.Array(countType, { minItems: 1, maxItems: limits.revisionsPerChange })),
  },
  closed,
);

const openCheck = Compile(openType);
const changeCheck = Compile(changeType);
const changeAmongCheck = Compile(changeAmongType);

export const openingOnWire = (request: ShowOpeningRequested): Type.Static<typeof openType> => ({
  t: 'open',
  id: request.showId,
  name: request.name,
  pools: request.pools.map(({ id, name, capacity }) => [id, name, capacity]),
  rules: request.rules,
  ...keyOnWire(request.key),
});

export const readOpening = (wire: unknown): RequestReading => {
  if (!openCheck.Check(wire)) return faultIn(openCheck, wire);
  const repeated = firstRepeated(wire.pools.map(([id]) => id));
  if (repeated !== undefined) return namedTwice(repeated);
  const request: ShowOpeningRequested = {
    type: 'ShowOpeningRequested',
    showId: wire.id,
    name: wire.name,
    pools: wire.pools.map(([id, name, capacity]) => ({ id, name, capacity })),
    rules: wire.rules,
    ...keyOf(wire.key),
  };
  return { type: 'request', request };
};

type AnyChangeWire = Omit<Type.Static<typeof changeAmongType>, 'revs'>;

/** Whether readers of version 1, which know a single revision, can decide it. */
export const isOfOneRevision = ({ revisions }: ShowChangeRequested): boolean => revisions?.length === 1;

export const changeOnWire = (
  request: ShowChangeRequested,
): Type.Static<typeof changeType> | Type.Static<typeof changeAmongType> => {
  const { revisions } = request;
  const [rev] = revisions ?? [];
  if (rev !== undefined && isOfOneRevision(request)) return { ...anyChangeOnWire(request), rev };
  return { ...anyChangeOnWire(request), ...(revisions && { revs: [...revisions] }) };
};

const anyChangeOnWire = (request: ShowChangeRequested): AnyChangeWire => ({
  t: 'change',
  id: request.requestId,
  show: request.showId,
  ...(request.name !== undefined && { name: request.name }),
  ...(request.pools && {
    pools: request.pools.map(({ id, name = null, capacity = null }) => [id, name, capacity]),
  }),
  ...(request.rules && { rules: request.rules }),
  ...(request.force && { force: true }),
  ...keyOnWire(request.key),
});

export const readChange = (wire: unknown): RequestReading =>
  changeCheck.Check(wire) ? changeOf(wire, [wire.rev]) : faultIn(changeCheck, wire);

export const readChangeAmong = (wire: unknown): RequestReading =>
  changeAmongCheck.Check(wire) ? changeOf(wire, wire.revs) : faultIn(changeAmongCheck, wire);

const changeOf = (wire: AnyChangeWire, revisions: readonly number[] | undefined): RequestReading => {
  const repeated = firstRepeated((wire.pools ?? []).map(([id]) => id));
  if (repeated !== undefined) return namedTwice(repeated);
  const request: ShowChangeRequested = {
    type: 'ShowChangeRequested',
    requestId: wire.id,
    showId: wire.show,
    ...(revisions && { revisions }),
    ...(wire.name !== undefined && { name: wire.name }),
    ...(wire.pools && { pools: wire.pools.map(poolChangeOf) }),
    ...(wire.rules && { rules: wire.rules }),
    force: wire.force === true,
    ...keyOf(wire.key),
  };
  return { type: 'request', request };
};

const poolChangeOf = ([id, name, capacity]: Type.Static<typeof poolChangeType>): PoolChange => ({
  id,
  ...(name !== null && { name }),
  ...(capacity !== null && { capacity }),
});

const namedTwice = (poolId: string): RequestReading => fault(`pool ${poolId} is named twice`);
