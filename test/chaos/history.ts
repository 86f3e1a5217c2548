/** The result of one call as the client saw it, in the audit's terms. */
export type End = 'ok' | 'unknown' | 'failed';

export type Verb = 'open' | 'reserve' | 'confirm' | 'extend' | 'cancel';

export interface SentRequest {
  readonly verb: Verb;
  readonly customer: string;
  readonly showId: string;
  /** Its Idempotency-Key. */
  readonly key?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly waitSeconds?: number;
}

export interface Acknowledgement extends SentRequest {
  /** By the clock of this machine, which its Redis uses as well. */
  readonly atMs: number;
}

export interface AnswerRecord {
  readonly end: End;
  /** The label under which the report counts it. */
  readonly result: string;
  /** The reservation that it made, or that it is about. */
  readonly id?: string;
  /** The status of that reservation, if the answer had one. */
  readonly told?: string;
}

/** A reservation whose id some client got, or which it may have made. */
export interface KnownReservation {
  readonly id: string;
  readonly customer: string;
  readonly showId: string;
  readonly key?: string;
  readonly end: Exclude<End, 'failed'>;
  /** When it was first sent, and when it was first known for certain, by performance.now(). */
  readonly askedAtMs: number;
  readonly acceptedAtMs: number | undefined;
  /** The last known status; undefined once the outcome of a later request about it is unknown. */
  readonly told: string | undefined;
}

export interface History {
  /** `askedAtMs` is when it was first sent, by performance.now(). */
  readonly record: (asked: SentRequest, answered: AnswerRecord, askedAtMs: number) => void;
  /** Records an answer that a client must never get. */
  readonly recordOdd: (what: string) => void;
  readonly reservations: ReadonlyMap<string, KnownReservation>;
  /** Calls with a key that were answered as accepted or decided. */
  readonly acknowledged: ReadonlyMap<string, Acknowledgement>;
  /** Number of calls by verb and result. */
  readonly counts: ReadonlyMap<string, number>;
  readonly odd: readonly string[];
  readonly accepted: () => number;
  /** Reservations first requested after this time and accepted since. */
  readonly acceptedSince: (ms: number) => readonly KnownReservation[];
}

const oddMax = 100;

export const newHistory = (): History => {
  const reservations = new Map<string, KnownReservation>();
  const acknowledged = new Map<string, Acknowledgement>();
  const counts = new Map<string, number>();
  const odd: string[] = [];
  let accepted = 0;
  return {
    record: (asked, answered, askedAtMs) => {
      const label = `${asked.verb}: ${answered.result}`;
      counts.set(label, (counts.get(label) ?? 0) + 1);
      if (answered.end === 'ok' && asked.verb === 'reserve') accepted += 1;
      if (answered.end === 'ok' && asked.key !== undefined)
        acknowledged.set(asked.key, { ...asked, atMs: Date.now() });
      const before = answered.id === undefined ? undefined : reservations.get(answered.id);
      const known = before ? changed(before, asked, answered) : newlyKnown(asked, answered, askedAtMs);
      if (known) reservations.set(known.id, known);
    },
    recordOdd: (what) => {
      if (odd.length < oddMax) odd.push(what);
    },
    reservations,
    acknowledged,
    counts,
    odd,
    accepted: () => accepted,
    acceptedSince: (ms) =>
      [...reservations.values()].filter(
        ({ askedAtMs, acceptedAtMs }) => askedAtMs > ms && acceptedAtMs !== undefined,
      ),
  };
};

const newlyKnown = (
  { verb, customer, showId, key }: SentRequest,
  { end, id, told }: AnswerRecord,
  askedAtMs: number,
): KnownReservation | undefined => {
  if (id === undefined || verb !== 'reserve' || end === 'failed') return undefined;
  const isOk = end === 'ok';
  return {
    id,
    customer,
    showId,
    ...(key !== undefined && { key }),
    end,
    askedAtMs,
    acceptedAtMs: isOk ? performance.now() : undefined,
    told: isOk ? told : undefined,
  };
};

/** A certain answer stays valid after a later call that failed. */
const changed = (
  before: KnownReservation,
  { verb }: SentRequest,
  { end, result, told }: AnswerRecord,
): KnownReservation => {
  if (end === 'failed') return before;
  const isOk = before.end === 'ok' || (verb === 'reserve' && end === 'ok');
  // A queued request may still change it at any time.
  const isSettled = end === 'ok' && result !== '202';
  return {
    ...before,
    end: isOk ? 'ok' : 'unknown',
    acceptedAtMs: before.acceptedAtMs ?? (isOk ? performance.now() : undefined),
    told: isSettled ? (told ?? before.told) : undefined,
  };
};
