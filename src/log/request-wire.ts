import Type from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { limits } from '../domain/limits.ts';
import type { RequestEvent, ReservationRequested, ShowOpeningRequested } from '../domain/requests.ts';
import {
  capacityType,
  closed,
  customerIdType,
  nameType,
  poolIdType,
  quantityType,
  referenceType,
  reservationIdType,
  rulesType,
  showIdType,
} from './wire-types.ts';

/**
 * Version 1 of the `r` field: JSON, an object whose `t` says which request it is.
 *
 *   {"t":"reserve","id":<reservation>,"show":<show>,"by":<customer>,"lines":[[<pool>,<quantity>],…],"ref"?:<text>}
 *   {"t":"open","id":<show>,"name":<text>,"pools":[[<pool>,<name>,<capacity>],…],"rules":{…}}
 */
const reserveType = Type.Object(
  {
    t: Type.Literal('reserve'),
    id: reservationIdType,
    show: showIdType,
    by: customerIdType,
    lines: Type.Array(Type.Tuple([poolIdType, quantityType]), {
      minItems: 1,
      maxItems: limits.linesPerReservation,
    }),
    ref: Type.Optional(referenceType),
  },
  closed,
);

const openType = Type.Object(
  {
    t: Type.Literal('open'),
    id: showIdType,
    name: nameType,
    pools: Type.Array(Type.Tuple([poolIdType, nameType, capacityType]), {
      minItems: 1,
      maxItems: limits.poolsPerShow,
    }),
    rules: rulesType,
  },
  closed,
);

type ReserveWire = Type.Static<typeof reserveType>;
type OpenWire = Type.Static<typeof openType>;

const reserveCheck = Compile(reserveType);
const openCheck = Compile(openType);

/** A request, or in words why it is none. */
export type RequestReading =
  | { readonly type: 'request'; readonly request: RequestEvent }
  | { readonly type: 'fault'; readonly why: string };

export const toWire = (request: RequestEvent): ReserveWire | OpenWire => {
  switch (request.type) {
    case 'ReservationRequested':
      return {
        t: 'reserve',
        id: request.reservationId,
        show: request.showId,
        by: request.customerId,
        lines: request.lines.map(({ poolId, quantity }) => [poolId, quantity]),
        ...(request.reference !== undefined && { ref: request.reference }),
      };
    case 'ShowOpeningRequested':
      return {
        t: 'open',
        id: request.showId,
        name: request.name,
        pools: request.pools.map(({ id, name, capacity }) => [id, name, capacity]),
        rules: request.rules,
      };
  }
};

export const fromWire = (wire: unknown): RequestReading => {
  if (reserveCheck.Check(wire)) return { type: 'request', request: reservationOf(wire) };
  if (openCheck.Check(wire)) return openingOf(wire);
  return { type: 'fault', why: faultOf(wire) };
};

const reservationOf = (wire: ReserveWire): ReservationRequested => ({
  type: 'ReservationRequested',
  reservationId: wire.id,
  showId: wire.show,
  customerId: wire.by,
  lines: wire.lines.map(([poolId, quantity]) => ({ poolId, quantity })),
  ...(wire.ref !== undefined && { reference: wire.ref }),
});

const openingOf = (wire: OpenWire): RequestReading => {
  const repeated = wire.pools.find(
    ([id], index) => wire.pools.findIndex(([other]) => other === id) !== index,
  );
  if (repeated) return { type: 'fault', why: `pool ${repeated[0]} is named twice` };
  const request: ShowOpeningRequested = {
    type: 'ShowOpeningRequested',
    showId: wire.id,
    name: wire.name,
    pools: wire.pools.map(([id, name, capacity]) => ({ id, name, capacity })),
    rules: wire.rules,
  };
  return { type: 'request', request };
};

const faultOf = (wire: unknown): string => {
  if (typeof wire !== 'object' || wire === null || !('t' in wire))
    return 'it is not an object with a field t';
  if (wire.t === 'reserve') return firstError(reserveCheck, wire);
  if (wire.t === 'open') return firstError(openCheck, wire);
  return 'its field t names no request';
};

const firstError = (check: Validator, wire: unknown): string => {
  const errors = check.Errors(wire);
  const error = errors.find(({ keyword }) => keyword !== 'boolean') ?? errors[0];
  return error ? `${error.instancePath || '/'} ${error.message}` : 'it has the wrong shape';
};
