import fc from 'fast-check';
import { newUuidText, parseRequestId, type RequestId } from '../../src/domain/ids.ts';
import { limits } from '../../src/domain/limits.ts';
import type { RequestEvent, RequestKey } from '../../src/domain/requests.ts';
import type { TraceContext } from '../../src/domain/trace-context.ts';
import { customerId, poolId, reservationId, showId } from '../domain/generate.ts';

/** Requests of every kind and shape within the limits. */
const text = (maxLength: number, minLength = 1) =>
  fc.string({ unit: 'binary', minLength, maxLength }).filter((value) => [...value].length <= maxLength);
const poolIds = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/).map(poolId);
const ms = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
const partition = fc.nat({ max: limits.partitions - 1 });
const places = fc.integer({ min: 1, max: limits.capacity });
const capacity = fc.nat({ max: limits.capacity });
const name = text(limits.nameLength);
const customer = text(32).map(customerId);
const reference = text(limits.referenceLength, 0);
const digest = fc.stringMatching(/^[0-9a-f]{32}$/);

type Members<T> = { [Member in keyof T]: fc.Arbitrary<T[Member]> };

const record = <T extends object>(members: Members<T>): fc.Arbitrary<T> =>
  fc.record<T>(members, { noNullPrototype: true });
const partial = <T extends object>(members: Members<T>) =>
  fc.record<T, never>(members, { requiredKeys: [], noNullPrototype: true });

const joined = <A extends object, B extends object>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>) =>
  fc.tuple(a, b).map(([one, other]) => ({ ...one, ...other }));

const hex = (digits: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((id) => !/^0+$/.test(id));

const traces: fc.Arbitrary<TraceContext> = joined(
  record({ traceId: hex(32), spanId: hex(16) }),
  partial({ state: fc.stringMatching(/^[a-z]{1,8}=[!-+.-<>-~]{1,40}$/) }),
);

/** Members that any request may have. */
const keys: fc.Arbitrary<{ key?: RequestKey; trace?: TraceContext }> = partial({
  key: record({ hash: digest, fingerprint: digest }),
  trace: traces,
});

const lines = fc.array(
  record({ poolId: poolIds, quantity: fc.integer({ min: 1, max: limits.quantityPerLine }) }),
  { minLength: 1, maxLength: limits.linesPerReservation },
);

const rules = {
  maxPerRequest: places,
  maxPerCustomer: places,
  holdSeconds: fc.integer({ min: 1, max: limits.holdSecondsMax }),
  confirmBy: fc.constantFrom('customer' as const, 'service' as const),
  opensAtMs: ms,
  closesAtMs: ms,
  closed: fc.boolean(),
};

export const requestId = (n: number, at = 0): RequestId => {
  const id = parseRequestId(
    newUuidText({ timeMs: 1_700_000_000_000, partition: at, tail: `2${n.toString(16).padStart(15, '0')}` }),
  );
  if (!id) throw new Error(`not an id: ${n}`);
  return id;
};

const named = fc.record({ n: fc.nat(), at: partition });
const showIds = named.map(({ n, at }) => showId(n, at));
const reservationIds = named.map(({ n, at }) => reservationId(n, at));
const requestIds = named.map(({ n, at }) => requestId(n, at));

const reservations: fc.Arbitrary<RequestEvent> = joined(
  record({
    type: fc.constant('ReservationRequested' as const),
    reservationId: reservationIds,
    showId: showIds,
    customerId: customer,
    lines,
  }),
  joined(partial({ reference }), keys),
);

const openings: fc.Arbitrary<RequestEvent> = joined(
  record({
    type: fc.constant('ShowOpeningRequested' as const),
    showId: showIds,
    name,
    pools: fc.uniqueArray(record({ id: poolIds, name, capacity }), {
      minLength: 1,
      maxLength: limits.poolsPerShow,
      selector: ({ id }) => id,
    }),
    rules: partial(rules),
  }),
  keys,
);

const clearable = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: null });

const changes: fc.Arbitrary<RequestEvent> = joined(
  record({
    type: fc.constant('ShowChangeRequested' as const),
    requestId: requestIds,
    showId: showIds,
    force: fc.boolean(),
  }),
  joined(
    partial({
      revisions: fc.oneof(
        fc.array(fc.nat(), { minLength: 1, maxLength: 1 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: limits.revisionsPerChange }),
      ),
      name,
      pools: fc.uniqueArray(joined(record({ id: poolIds }), partial({ name, capacity })), {
        maxLength: limits.poolsPerShow,
        selector: ({ id }) => id,
      }),
      rules: partial({
        maxPerRequest: clearable(rules.maxPerRequest),
        maxPerCustomer: clearable(rules.maxPerCustomer),
        holdSeconds: clearable(rules.holdSeconds),
        confirmBy: clearable(rules.confirmBy),
        opensAtMs: clearable(rules.opensAtMs),
        closesAtMs: clearable(rules.closesAtMs),
        closed: clearable(rules.closed),
      }),
    }),
    keys,
  ),
);

const asked = joined(
  joined(record({ requestId: requestIds, reservationId: reservationIds }), keys),
  fc.oneof(
    record({ actor: fc.constantFrom('customer' as const, 'service', 'admin'), customerId: customer }),
    record({ actor: fc.constantFrom('service' as const, 'admin') }),
  ),
);

const followUps: fc.Arbitrary<RequestEvent> = fc.oneof(
  joined(
    asked,
    joined(record({ type: fc.constant('ConfirmationRequested' as const) }), partial({ reference })),
  ),
  joined(asked, record({ type: fc.constant('ExtensionRequested' as const) })),
  joined(asked, joined(record({ type: fc.constant('CancellationRequested' as const) }), partial({ lines }))),
);

export const anyRequest: fc.Arbitrary<RequestEvent> = fc.oneof(reservations, openings, changes, followUps);
