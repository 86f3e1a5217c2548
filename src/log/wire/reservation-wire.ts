import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { limits } from '../../domain/limits.ts';
import type { Line } from '../../domain/lines.ts';
import type { ReservationRequested } from '../../domain/requests.ts';
import { faultIn, keyOf, keyOnWire, keyType, type RequestReading } from './request-reading.ts';
import {
  closed,
  customerIdType,
  poolIdType,
  quantityType,
  referenceType,
  reservationIdType,
  showIdType,
} from './wire-types.ts';

/** Lines of a reservation, as [[<pool>,<quantity>],…]. */
export const linesType = Type.Array(Type.Tuple([poolIdType, quantityType]), {
  minItems: 1,
  maxItems: limits.linesPerReservation,
});

type LinesWire = Type.Static<typeof linesType>;

export const linesOnWire = (lines: readonly Line[]): LinesWire =>
  lines.map(({ poolId, quantity }) => [poolId, quantity]);

export const linesOf = (lines: LinesWire): readonly Line[] =>
  lines.map(([poolId, quantity]) => ({ poolId, quantity }));

export const reserveType = Type.Object(
  {
    t: Type.Literal('reserve'),
    id: reservationIdType,
    show: showIdType,
    by: customerIdType,
    lines: linesType,
    ref: Type.Optional(referenceType),
    key: Type.Optional(keyType),
  },
  closed,
);

const check = Compile(reserveType);

export const reservationOnWire = (request: ReservationRequested): Type.Static<typeof reserveType> => ({
  t: 'reserve',
  id: request.reservationId,
  show: request.showId,
  by: request.customerId,
  lines: linesOnWire(request.lines),
  ...(request.reference !== undefined && { ref: request.reference }),
  ...keyOnWire(request.key),
});

export const readReservation = (wire: unknown): RequestReading => {
  if (!check.Check(wire)) return faultIn(check, wire);
  const request: ReservationRequested = {
    type: 'ReservationRequested',
    reservationId: wire.id,
    showId: wire.show,
    customerId: wire.by,
    lines: linesOf(wire.lines),
    ...(wire.ref !== undefined && { reference: wire.ref }),
    ...keyOf(wire.key),
  };
  return { type: 'request', request };
};
