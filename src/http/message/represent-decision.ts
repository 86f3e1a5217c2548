import Type from 'typebox';
import type { Decision, JournalEntry, PoolNumbers } from '../../domain/decisions.ts';
import { eventTypes } from '../../domain/feed/event-types.ts';
import type { FeedItem } from '../../domain/feed/feed-item.ts';
import { type MovedPools, reservationAsOf } from '../../domain/feed/state-after.ts';
import { poolIdField, showIdField, timeField } from './fields.ts';
import { type ReservationBody, representWithCustomer, timeText } from './represent-reservation.ts';
import { representRules, showPath } from './represent-show.ts';

const poolSchema = Type.Object({
  id: poolIdField,
  held: Type.Integer(),
  confirmed: Type.Integer(),
  capacity: Type.Integer(),
});

const dataSchema = Type.Object({
  complete: Type.Boolean({
    description: 'false where the journal has not kept all of this: a decision of an older or a newer build.',
  }),
  requestId: Type.Optional(
    Type.String({ description: 'Of the request that was decided; absent where a hold lapsed.' }),
  ),
  reservation: Type.Optional(Type.Ref('Reservation#')),
  show: Type.Optional(
    Type.Object(
      { id: showIdField, name: Type.String(), revision: Type.Integer() },
      { additionalProperties: true },
    ),
  ),
  pools: Type.Optional(
    Type.Array(poolSchema, { description: 'Those that the decision moved, as they were right after it.' }),
  ),
  released: Type.Optional(Type.Array(Type.Unknown(), { description: 'The lines that it gave back.' })),
  asked: Type.Optional(
    Type.String({ description: 'The request that was refused, or had nothing left to do.' }),
  ),
  decision: Type.Optional(
    Type.String({ description: 'The type of a decision that this version cannot read.' }),
  ),
  reason: Type.Optional(Type.String({ description: 'Why it was refused: one of the problem codes.' })),
});

/** A CloudEvent 1.0 in JSON. */
export const decisionEventSchema = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: Type.String({ description: 'Of the decision; the same whenever and however it is delivered.' }),
    source: Type.String({ description: 'The show, or the partition where the decision names none.' }),
    type: Type.String({ description: '`onsale.` and what was decided.' }),
    subject: Type.Optional(Type.String({ description: 'The id of the reservation.' })),
    time: timeField,
    datacontenttype: Type.Literal('application/json'),
    traceparent: Type.Optional(Type.String()),
    data: dataSchema,
  },
  { $id: 'DecisionEvent' },
);

export interface DecisionEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly traceparent?: string;
  readonly data: Readonly<Record<string, unknown>> & { readonly complete: boolean };
}

/** The reservation and the pools as they were after the decision, not as they are now. */
export const representDecision = (item: FeedItem): DecisionEvent => {
  const { partition, entry } = item;
  const decision = entry?.decision;
  const reservationId = decision && 'reservationId' in decision ? decision.reservationId : undefined;
  return {
    specversion: '1.0',
    id: eventIdOf(item),
    source: decision?.showId === undefined ? `/v1/partitions/${partition}` : showPath(decision.showId),
    type: decision ? `onsale.${eventTypes[decision.type]}` : 'onsale.decision.unreadable',
    ...(reservationId !== undefined && { subject: reservationId }),
    time: timeText(item.decidedAtMs),
    datacontenttype: 'application/json',
    ...(entry?.traceId !== undefined && { traceparent: traceparentOf(entry.traceId) }),
    data: entry ? dataOf(entry, item.moved) : { complete: false, decision: item.type },
  };
};

const eventIdOf = ({
  partition,
  position,
  digest,
}: Pick<FeedItem, 'partition' | 'position' | 'digest'>): string => `${partition}-${position}-${digest}`;

/** The journal keeps the trace and not the span, so the parent is a span id made of the trace's. */
const traceparentOf = (traceId: string): string => `00-${traceId}-${traceId.slice(16)}-01`;

const dataOf = (entry: JournalEntry, moved: MovedPools): DecisionEvent['data'] => {
  const { decision, requestId } = entry;
  const about = reservationOf(entry);
  return {
    complete: moved !== undefined && about !== 'unknown',
    ...(requestId !== undefined && { requestId }),
    ...(about !== undefined && about !== 'unknown' && { reservation: about }),
    ...showOf(decision),
    ...(moved && moved.length > 0 && { pools: moved.map(representPool) }),
    ...('released' in decision && { released: decision.released }),
    ...('asked' in decision && { asked: decision.asked }),
    ...('asked' in decision && 'reason' in decision && { reason: decision.reason }),
  };
};

const representPool = ([id, held, confirmed, capacity]: PoolNumbers) => ({ id, held, confirmed, capacity });

/** Undefined where the decision is about none, or about another customer's. */
const reservationOf = (entry: JournalEntry): ReservationBody | 'unknown' | undefined => {
  const { decision } = entry;
  if (!('reservationId' in decision) || decision.reservationId === undefined) return undefined;
  const reservation = reservationAsOf(entry);
  if (reservation) return representWithCustomer(reservation);
  return decision.type === 'RequestRefused' ? undefined : 'unknown';
};

const showOf = (decision: Decision) => {
  if (decision.type !== 'ShowOpened' && decision.type !== 'ShowChanged') return {};
  const { showId: id, name, rules, pools } = decision;
  const revision = decision.type === 'ShowOpened' ? 1 : decision.revision;
  return { show: { id, name, revision, pools, ...representRules(rules) } };
};
