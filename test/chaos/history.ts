/** What one call came to, by the client's own account; as the audit understands it. */
export type End = 'ok' | 'unknown' | 'failed';

export type Verb = 'open' | 'reserve' | 'confirm' | 'extend' | 'cancel';

export interface Asked {
  readonly verb: Verb;
  readonly customer: string;
  readonly showId: string;
  /** Its Idempotency-Key. */
  readonly key?: string;
}

export interface Answered {
  readonly end: End;
  /** What the report counts it as. */
  readonly result: string;
  /** The reservation it was given, or is about. */
  readonly id?: string;
  /** The status of that reservation, where one was told. */
  readonly told?: string;
}

/** A reservation that some client was given, or may have made. */
export interface KnownReservation {
  readonly id: string;
  readonly customer: string;
  readonly showId: string;
  readonly key?: string;
  readonly askedAtMs: number;
  readonly end: Exclude<End, 'failed'>;
  /** What was told last; undefined once something was asked about it whose outcome is not known. */
  readonly told: string | undefined;
}

export interface History {
  readonly record: (asked: Asked, answered: Answered) => void;
  /** What is no answer that anybody may be given. */
  readonly recordOdd: (what: string) => void;
  readonly reservations: ReadonlyMap<string, KnownReservation>;
  /** Calls with a key that were told that they are on the stream or decided. */
  readonly acknowledgedKeys: ReadonlyMap<string, { readonly customer: string; readonly verb: Verb }>;
  /** How many calls came to what, by verb and result. */
  readonly counts: ReadonlyMap<string, number>;
  readonly odd: readonly string[];
  readonly accepted: () => number;
}

const oddMax = 100;

export const newHistory = (): History => {
  const reservations = new Map<string, KnownReservation>();
  const acknowledgedKeys = new Map<string, { customer: string; verb: Verb }>();
  const counts = new Map<string, number>();
  const odd: string[] = [];
  let accepted = 0;
  return {
    record: (asked, answered) => {
      const label = `${asked.verb}: ${answered.result}`;
      counts.set(label, (counts.get(label) ?? 0) + 1);
      if (answered.end === 'ok' && asked.verb === 'reserve') accepted += 1;
      if (answered.end === 'ok' && asked.key !== undefined)
        acknowledgedKeys.set(asked.key, { customer: asked.customer, verb: asked.verb });
      const { id } = answered;
      const known = id === undefined ? undefined : merged(reservations.get(id), asked, answered);
      if (known) reservations.set(known.id, known);
    },
    recordOdd: (what) => {
      if (odd.length < oddMax) odd.push(what);
    },
    reservations,
    acknowledgedKeys,
    counts,
    odd,
    accepted: () => accepted,
  };
};

/** What was once told for certain is not taken back by a later call that came to nothing. */
const merged = (
  before: KnownReservation | undefined,
  { verb, customer, showId, key }: Asked,
  { end, result, id, told }: Answered,
): KnownReservation | undefined => {
  if (before === undefined) {
    if (id === undefined || verb !== 'reserve' || end === 'failed') return undefined;
    return {
      id,
      customer,
      showId,
      ...(key !== undefined && { key }),
      askedAtMs: Date.now(),
      end,
      told: end === 'ok' ? told : undefined,
    };
  }
  if (end === 'failed') return before;
  const isOk = before.end === 'ok' || (verb === 'reserve' && end === 'ok');
  // What is only queued may change it at any time.
  const isSettled = end === 'ok' && result !== '202';
  return { ...before, end: isOk ? 'ok' : 'unknown', told: isSettled ? (told ?? before.told) : undefined };
};
