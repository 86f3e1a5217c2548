import fc from 'fast-check';

/**
 * One step of a random sale. Numbers choose among what exists at that moment, so that every shrunken sequence
 * is valid.
 */
export type Command =
  | {
      readonly type: 'open';
      readonly show: number;
      readonly capacities: readonly number[];
      readonly rules: Rules;
    }
  | {
      readonly type: 'reserve';
      readonly show: number;
      readonly customer: number;
      readonly lines: readonly Lines[];
      readonly reference: number | undefined;
      readonly key: Key | undefined;
    }
  | ({ readonly type: 'confirm'; readonly reference: number | undefined } & FollowUp)
  | ({ readonly type: 'extend' } & FollowUp)
  | ({ readonly type: 'cancel'; readonly lines: readonly Lines[] | undefined } & FollowUp)
  | {
      readonly type: 'change';
      readonly show: number;
      /** Added to the show's revision at the beginning of the batch; undefined for any revision. */
      readonly ahead: readonly number[] | undefined;
      readonly pools: readonly { readonly pool: number; readonly capacity: number }[];
      readonly rules: RuleChoices;
      readonly force: boolean;
    }
  /** The same request again, with the same id. */
  | { readonly type: 'again'; readonly nth: number }
  /** Time passes without a decision, so the queue grows. */
  | { readonly type: 'pass'; readonly ms: number }
  /**
   * This much time passes, and then all waiting requests are decided; with `more`, the stream may have
   * further entries.
   */
  | { readonly type: 'wait'; readonly ms: number; readonly more: boolean; readonly handOver: boolean };

interface FollowUp {
  /** Index into the reservations requested so far, counted from the latest. */
  readonly nth: number;
  readonly who: 'owner' | 'stranger' | 'service' | 'nobody';
  readonly key: Key | undefined;
}

export interface Lines {
  readonly pool: number;
  readonly quantity: number;
}

export interface Key {
  readonly hash: number;
  readonly fingerprint: number;
}

export interface Rules {
  readonly maxPerRequest?: number | undefined;
  readonly maxPerCustomer?: number | undefined;
  readonly holdSeconds?: number | undefined;
  readonly confirmBy?: 'customer' | 'service' | undefined;
  /** Ms from the beginning of the sequence. */
  readonly opensAtMs?: number | undefined;
  readonly closesAtMs?: number | undefined;
  readonly closed?: boolean | undefined;
}

/** `null` clears a rule. */
export type RuleChoices = { readonly [Rule in keyof Rules]?: Rules[Rule] | null };

/**
 * A value once in `times`. By default fast-check would set half of everything, and then hardly anything would
 * be sold.
 */
const onceIn = <Value>(times: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const orNull = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof(value, fc.constant(null));

const show = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1);
// The last index is one more than a show has at first: a pool that is missing, or is added by a change.
const pool = fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 1, 2);
const quantity = fc.constantFrom(1, 1, 2, 3);
const lines = fc.array(fc.record({ pool, quantity }), { minLength: 1, maxLength: 2 });
const key = onceIn(12, fc.record({ hash: fc.nat({ max: 4 }), fingerprint: fc.constantFrom(0, 0, 1) }));
const reference = fc.constantFrom(1, 2);
const seconds = fc.constantFrom(1, 2);
const perCustomer = fc.constantFrom(3, 6, 9);
const perRequest = fc.constantFrom(2, 3, 4);
const confirmBy = fc.constantFrom('customer', 'service');
const opensAtMs = fc.constantFrom(500, 1_500);
const closesAtMs = fc.constantFrom(1_500, 2_500, 6_000);

const open = fc.record({
  type: fc.constant('open'),
  show,
  capacities: fc.tuple(fc.constantFrom(4, 8, 12, 40), fc.constantFrom(0, 6, 12)),
  rules: fc.record({
    holdSeconds: fc.oneof(seconds, seconds, fc.constant(undefined)),
    maxPerCustomer: onceIn(4, perCustomer),
    maxPerRequest: onceIn(8, perRequest),
    confirmBy: onceIn(6, confirmBy),
    opensAtMs: onceIn(12, opensAtMs),
    closesAtMs: onceIn(12, closesAtMs),
  }),
});
const reserve = fc.record({
  type: fc.constant('reserve'),
  show,
  customer: fc.constantFrom(0, 0, 0, 0, 1, 2),
  lines,
  reference: onceIn(4, reference),
  key,
});
const followUp = {
  nth: fc.nat({ max: 5 }),
  who: fc.constantFrom('owner', 'owner', 'owner', 'owner', 'owner', 'owner', 'service', 'stranger', 'nobody'),
  key,
};
const confirm = fc.record({ type: fc.constant('confirm'), reference: onceIn(2, reference), ...followUp });
const extend = fc.record({ type: fc.constant('extend'), ...followUp });
const cancel = fc.record({ type: fc.constant('cancel'), lines: onceIn(2, lines), ...followUp });
const change = fc.record({
  type: fc.constant('change'),
  show,
  ahead: fc.constantFrom([0], [0], [0], [1], [0, 1], [3, 1, 0], undefined),
  pools: fc.uniqueArray(fc.record({ pool, capacity: fc.constantFrom(0, 2, 4, 6, 9, 12) }), {
    selector: (each) => each.pool,
    maxLength: 2,
  }),
  rules: fc.record({
    holdSeconds: onceIn(8, orNull(seconds)),
    maxPerCustomer: onceIn(6, orNull(perCustomer)),
    maxPerRequest: onceIn(12, orNull(perRequest)),
    confirmBy: onceIn(8, orNull(confirmBy)),
    opensAtMs: onceIn(12, orNull(fc.oneof(opensAtMs, closesAtMs))),
    closesAtMs: onceIn(12, orNull(fc.oneof(opensAtMs, closesAtMs))),
    closed: onceIn(10, orNull(fc.boolean())),
  }),
  force: fc.boolean(),
});
const again = fc.record({ type: fc.constant('again'), nth: fc.nat({ max: 20 }) });
const wait = fc.record({
  type: fc.constant('wait'),
  ms: fc.constantFrom(0, 0, 1, 400, 1_000),
  more: fc.constantFrom(false, false, true),
  handOver: fc.constantFrom(false, false, false, true),
});

const pass = fc.record({ type: fc.constant('pass'), ms: fc.constantFrom(1, 300, 999, 1_000) });

const stepsWith = (reserving: number): fc.Arbitrary<readonly Command[]> =>
  fc.array(
    fc.oneof<fc.WeightedArbitrary<Command>[]>(
      { weight: 1, arbitrary: open },
      { weight: reserving, arbitrary: reserve },
      { weight: 4, arbitrary: confirm },
      { weight: 2, arbitrary: extend },
      { weight: 4, arbitrary: cancel },
      { weight: 3, arbitrary: change },
      { weight: 2, arbitrary: again },
      { weight: 5, arbitrary: wait },
      { weight: 2, arbitrary: pass },
    ),
    { maxLength: 40, size: 'max' },
  );

/**
 * A show and what happens to it. Without the opening as first command most sequences would be about nothing
 * that exists. Some sequences are a rush, because otherwise no customer would reach a limit. No bias: it
 * would make most sequences short.
 */
export const sequence: fc.Arbitrary<readonly Command[]> = fc.noBias(
  fc
    .tuple(open, fc.oneof({ weight: 5, arbitrary: stepsWith(10) }, { weight: 1, arbitrary: stepsWith(80) }))
    .map(([first, steps]) => [{ ...first, show: 0 }, ...steps]),
);
