import { parseCustomerId, parsePoolId, parseRequestId } from '../../src/domain/ids.ts';
import type { Line } from '../../src/domain/lines.ts';
import type { RequestEvent, RequestKey } from '../../src/domain/requests.ts';

/** The contract's bounds, written down once more by hand: what judges the codec must not be the codec's own words. */

const isCount = (value: unknown, min: number, max: number): boolean =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

const isText = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'string' && value.isWellFormed() && isCount([...value].length, min, max);

const isId = (value: unknown): boolean => typeof value === 'string' && parseRequestId(value) !== undefined;
const isPool = (value: unknown): boolean => typeof value === 'string' && parsePoolId(value) !== undefined;
const isCustomer = (value: unknown): boolean =>
  typeof value === 'string' && parseCustomerId(value) !== undefined && Buffer.byteLength(value) <= 128;

const isAbsentOr = <Value>(value: Value | undefined, judge: (value: Value) => boolean): boolean =>
  value === undefined || judge(value);

const areLines = (lines: readonly Line[]): boolean =>
  isCount(lines.length, 1, 20) &&
  lines.every(({ poolId, quantity }) => isPool(poolId) && isCount(quantity, 1, 1_000));

const isKey = ({ hash, fingerprint }: RequestKey): boolean =>
  [hash, fingerprint].every((digest) => /^[0-9a-f]{32}$/.test(digest));

const ruleJudges: Readonly<Record<string, (value: unknown) => boolean>> = {
  maxPerRequest: (value) => isCount(value, 1, 2_000_000_000),
  maxPerCustomer: (value) => isCount(value, 1, 2_000_000_000),
  holdSeconds: (value) => isCount(value, 1, 86_400),
  confirmBy: (value) => value === 'customer' || value === 'service',
  opensAtMs: (value) => !Number.isNaN(new Date(Number(value)).getTime()) && Number.isInteger(value),
  closesAtMs: (value) => !Number.isNaN(new Date(Number(value)).getTime()) && Number.isInteger(value),
  closed: (value) => typeof value === 'boolean',
};

const areRules = (rules: object, { clearable }: { readonly clearable: boolean }): boolean =>
  Object.entries(rules).every(([name, value]) =>
    value === null ? clearable && Object.hasOwn(ruleJudges, name) : ruleJudges[name]?.(value) === true,
  );

const areRevisions = (revisions: readonly number[]): boolean =>
  isCount(revisions.length, 1, 100) &&
  revisions.every((revision) => isCount(revision, 0, Number.MAX_SAFE_INTEGER));

interface Pool {
  readonly id: string;
  readonly name?: string;
  readonly capacity?: number;
}

const arePools = (pools: readonly Pool[]): boolean =>
  pools.length <= 100 &&
  new Set(pools.map(({ id }) => id)).size === pools.length &&
  pools.every(
    ({ id, name, capacity }) =>
      isPool(id) &&
      isAbsentOr(name, (text) => isText(text, 1, 200)) &&
      isAbsentOr(capacity, (places) => isCount(places, 0, 2_000_000_000)),
  );

const isReference = (text: string): boolean => isText(text, 0, 128);

const isOfItsKind = (request: RequestEvent): boolean => {
  switch (request.type) {
    case 'ReservationRequested':
      return (
        isId(request.reservationId) &&
        isId(request.showId) &&
        isCustomer(request.customerId) &&
        areLines(request.lines) &&
        isAbsentOr(request.reference, isReference)
      );
    case 'ShowOpeningRequested':
      return (
        isId(request.showId) &&
        isText(request.name, 1, 200) &&
        request.pools.length >= 1 &&
        request.pools.every(({ name, capacity }) => name !== undefined && capacity !== undefined) &&
        arePools(request.pools) &&
        areRules(request.rules, { clearable: false })
      );
    case 'ShowChangeRequested':
      return (
        isId(request.requestId) &&
        isId(request.showId) &&
        isAbsentOr(request.revisions, areRevisions) &&
        typeof request.force === 'boolean' &&
        isAbsentOr(request.name, (name) => isText(name, 1, 200)) &&
        isAbsentOr(request.pools, arePools) &&
        isAbsentOr(request.rules, (rules) => areRules(rules, { clearable: true }))
      );
    case 'ConfirmationRequested':
    case 'ExtensionRequested':
    case 'CancellationRequested':
      return isFollowUpWithin(request);
  }
};

type FollowUpEvent = Extract<RequestEvent, { readonly actor: unknown }>;

const isFollowUpWithin = (request: FollowUpEvent): boolean =>
  isId(request.requestId) &&
  isId(request.reservationId) &&
  ['customer', 'service', 'admin'].includes(request.actor) &&
  isAbsentOr(request.customerId, isCustomer) &&
  (request.actor !== 'customer' || request.customerId !== undefined) &&
  (request.type !== 'ConfirmationRequested' || isAbsentOr(request.reference, isReference)) &&
  (request.type !== 'CancellationRequested' || isAbsentOr(request.lines, areLines));

/** Whether deciding the request and writing the decision stays within what the contract allows. */
export const isWithinLimits = (request: RequestEvent): boolean =>
  isOfItsKind(request) && isAbsentOr(request.key, isKey);
