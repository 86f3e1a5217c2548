import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { PoolLedger, ShowLedger } from '../../domain/ledger.ts';
import { limits } from '../../domain/limits.ts';
import type { Outcome, Refusal } from '../../domain/outcome.ts';
import {
  type RefusalReason,
  type RejectionReason,
  refusalReasons,
  rejectionReasons,
} from '../../domain/reasons.ts';
import { type Reservation, type ReservationStatus, reservationStatuses } from '../../domain/reservation.ts';
import { rulesType } from './rules-wire.ts';
import {
  capacityType,
  closed,
  countType,
  customerIdType,
  nameType,
  poolIdType,
  referenceType,
  requestIdType,
  reservationIdType,
  showIdType,
  timeMsType,
  wordType,
} from './wire-types.ts';

const statusType = wordType<ReservationStatus>(reservationStatuses);

const rejectionType = wordType<RejectionReason>(rejectionReasons);

const refusalReasonType = wordType<RefusalReason>(refusalReasons);

// The compiler compares the members with the domain's; without that, an outcome with a new optional member
// would be dropped.
const reservationType = Type.Object(
  {
    id: reservationIdType,
    showId: showIdType,
    customerId: customerIdType,
    status: statusType,
    lines: Type.Array(Type.Object({ poolId: poolIdType, quantity: Type.Integer({ minimum: 1 }) }, closed)),
    reference: Type.Optional(referenceType),
    reason: Type.Optional(rejectionType),
    poolId: Type.Optional(poolIdType),
    firstId: Type.Optional(requestIdType),
    expiresAtMs: Type.Optional(countType),
    extended: Type.Optional(Type.Boolean()),
    requestedAtMs: countType,
    decidedAtMs: Type.Optional(countType),
    changedAtMs: Type.Optional(countType),
  } satisfies Record<keyof Reservation, unknown>,
  closed,
);

const poolLedgerType = Type.Object(
  {
    id: poolIdType,
    name: nameType,
    capacity: capacityType,
    target: Type.Optional(capacityType),
    held: countType,
    confirmed: countType,
  } satisfies Record<keyof PoolLedger, unknown>,
  closed,
);

const showType = Type.Object(
  {
    showId: showIdType,
    name: nameType,
    revision: countType,
    openedAtMs: timeMsType,
    asOfMs: timeMsType,
    rules: rulesType,
    pools: Type.Array(poolLedgerType, { maxItems: limits.poolsPerShow }),
  } satisfies Record<keyof ShowLedger, unknown>,
  closed,
);

const refusalType = Type.Object(
  {
    reason: refusalReasonType,
    poolId: Type.Optional(poolIdType),
    firstId: Type.Optional(requestIdType),
  } satisfies Record<keyof Refusal, unknown>,
  closed,
);

const answerType = Type.Object(
  {
    type: Type.Literal('answer'),
    requestId: requestIdType,
    refusal: Type.Optional(refusalType),
    reservation: Type.Optional(reservationType),
    show: Type.Optional(showType),
  } satisfies Record<keyof Extract<Outcome, { type: 'answer' }>, unknown>,
  closed,
);

/**
 * Checks an outcome in JSON against the domain. Statuses, reasons and rules of a later version are not passed
 * on.
 */
export const outcomeCheck = Compile(
  Type.Union([
    Type.Object({ type: Type.Literal('reservation'), reservation: reservationType }, closed),
    Type.Object({ type: Type.Literal('show'), show: showType }, closed),
    answerType,
  ]),
);
