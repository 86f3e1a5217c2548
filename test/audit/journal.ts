import type { Decision, JournalEntry } from '../../src/domain/decisions.ts';
import type { RequestId } from '../../src/domain/ids.ts';
import type { ShowRules } from '../../src/domain/requests.ts';
import { beforeAll, laterOf, msOf, newStreamId } from '../../src/domain/stream-id.ts';
import { customerId, line, poolId, requestId, reservationId, showId } from '../domain/generate.ts';
import { type Remains, remainsOf } from './memory-source.ts';

/** A row of a journal that a test writes by hand; times are in seconds. */
export interface Row {
  /** Its stream id, as `<seconds>` or `<seconds>-<sequence>`; undefined for a decision without a request. */
  readonly at?: number | `${number}-${number}`;
  /** The id of its request; by default that of the reservation, if it makes one. */
  readonly request?: RequestId;
  /**
   * The time that it was judged by; by default the time of its stream id. `none`: a row of an older build.
   */
  readonly judged?: number | 'none';
  readonly decided: number;
  readonly late?: true;
  readonly decision: Decision;
}

const ms = (seconds: number): number => Math.round(seconds * 1_000);

const streamIdOf = (at: NonNullable<Row['at']>) => {
  const [seconds, sequence = '0'] = String(at).split('-');
  return newStreamId(ms(Number(seconds)), sequence);
};

const entryOf = ({ at, request, judged, decided, late, decision }: Row, index: number): JournalEntry => {
  const streamId = at === undefined ? undefined : streamIdOf(at);
  const judgedAtMs =
    judged === undefined ? streamId && msOf(streamId) : judged === 'none' ? undefined : ms(judged);
  return {
    position: index + 1,
    ...(streamId && { streamId, requestId: request ?? requestOf(decision, index) }),
    decidedAtMs: ms(decided),
    ...(judgedAtMs !== undefined && { judgedAtMs }),
    late: late ?? false,
    decision,
  };
};

const requestOf = (decision: Decision, index: number): RequestId => {
  if (decision.type === 'ShowOpened') return decision.showId;
  const isFirst =
    decision.type === 'ReservationHeld' ||
    decision.type === 'ReservationRejected' ||
    (decision.type === 'ReservationConfirmed' && decision.from === undefined);
  return isFirst ? decision.reservationId : requestId(index);
};

/** The data of this journal, with tables that match it and a trimmed stream. */
export const written = (rows: readonly Row[]): Remains => {
  const journal = rows.map(entryOf);
  const most = (times: readonly number[]): number => Math.max(0, ...times);
  return remainsOf({
    partition: {
      partition: 0,
      wentBack: false,
      clockWentBack: false,
      progress: {
        position: journal.length,
        watermark: journal.reduce((last, { streamId = last }) => laterOf(last, streamId), beforeAll),
        clockMs: most(journal.map(({ decidedAtMs }) => decidedAtMs)),
        judgedMs: most(journal.map(({ judgedAtMs, decidedAtMs }) => judgedAtMs ?? decidedAtMs)),
      },
    },
    journal,
    stream: [],
  });
};

const ref = (who: number) => ({
  reservationId: reservationId(who),
  showId: showId(1),
  customerId: customerId(`customer-${who}`),
});

export const opened = (capacity: number, rules: ShowRules = { holdSeconds: 10 }): Decision => ({
  type: 'ShowOpened',
  showId: showId(1),
  name: 'A show',
  pools: [{ id: poolId('stalls'), name: 'stalls', capacity }],
  rules,
});

const facts = (who: number, quantity: number) => ({ ...ref(who), lines: [line('stalls', quantity)] });

export const held = (who: number, untilSeconds: number, quantity = 1): Decision => ({
  type: 'ReservationHeld',
  ...facts(who, quantity),
  expiresAtMs: ms(untilSeconds),
});

export const confirmed = (who: number, from?: 'held' | 'expired'): Decision => ({
  type: 'ReservationConfirmed',
  ...facts(who, 1),
  ...(from && { from }),
});

export const rejected = (who: number, reason: 'sold-out' | 'sale-closed'): Decision => ({
  type: 'ReservationRejected',
  ...facts(who, 1),
  reason,
});

export const extended = (who: number, untilSeconds: number): Decision => ({
  type: 'HoldExtended',
  ...ref(who),
  expiresAtMs: ms(untilSeconds),
});

export const cancelled = (who: number, from: 'held' | 'confirmed'): Decision => ({
  type: 'ReservationCancelled',
  ...ref(who),
  from,
  released: [line('stalls', 1)],
});

export const lapsed = (who: number, quantity = 1): Decision => ({
  type: 'HoldExpired',
  ...ref(who),
  released: [line('stalls', quantity)],
});

export const refusedConfirm = (who: number): Decision => ({
  type: 'RequestRefused',
  asked: 'ConfirmationRequested',
  reservationId: reservationId(who),
  reason: 'hold-expired',
});

export const changedTo = (revision: number, capacity: number, target?: number): Decision => ({
  type: 'ShowChanged',
  showId: showId(1),
  revision,
  name: 'A show',
  pools: [{ id: poolId('stalls'), name: 'stalls', capacity, ...(target !== undefined && { target }) }],
  rules: { holdSeconds: 10 },
});
