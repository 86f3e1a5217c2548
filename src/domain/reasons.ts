/** Why a reservation was refused; the same words as the HTTP problem codes. */
export type RejectionReason =
  | 'not-found'
  | 'unknown-pool'
  | 'over-request-limit'
  | 'customer-limit'
  | 'hold-limit'
  | 'sale-not-open'
  | 'sale-closed'
  | 'sold-out'
  | DuplicateReason;

/** The key was used before under another request id: `firstId` is the one that counts. */
export type DuplicateReason = 'duplicate-request' | 'idempotency-key-reused';

declare const brand: unique symbol;

/** A reason that a newer build wrote and this build does not know. It may be shown; no decision depends on it. */
export type NewerReason = string & { readonly [brand]: 'NewerReason' };

/** Every reason, as a record so that the compiler asks for a new one's place here. */
export const rejectionReasons: Readonly<Record<RejectionReason, true>> = {
  'not-found': true,
  'unknown-pool': true,
  'over-request-limit': true,
  'customer-limit': true,
  'hold-limit': true,
  'sale-not-open': true,
  'sale-closed': true,
  'sold-out': true,
  'duplicate-request': true,
  'idempotency-key-reused': true,
};

export const isRejectionReason = (reason: string): reason is RejectionReason =>
  Object.hasOwn(rejectionReasons, reason);

/** Why a request about an existing reservation or show changed nothing. */
export type RefusalReason =
  | 'not-found'
  | 'forbidden'
  | 'not-held'
  | 'hold-expired'
  | 'extension-used'
  | 'already-cancelled'
  | 'confirmed-otherwise'
  | 'not-reserved'
  | 'stale-revision'
  | 'unknown-pool'
  | 'capacity-below-committed'
  | 'invalid-request'
  | DuplicateReason;

/** Every reason, as a record so that the compiler asks for a new one's place here. */
export const refusalReasons: Readonly<Record<RefusalReason, true>> = {
  'not-found': true,
  forbidden: true,
  'not-held': true,
  'hold-expired': true,
  'extension-used': true,
  'already-cancelled': true,
  'confirmed-otherwise': true,
  'not-reserved': true,
  'stale-revision': true,
  'unknown-pool': true,
  'capacity-below-committed': true,
  'invalid-request': true,
  'duplicate-request': true,
  'idempotency-key-reused': true,
};

/** A row of the journal may hold one that only a newer build knows. */
export const isRefusalReason = (reason: string): reason is RefusalReason =>
  Object.hasOwn(refusalReasons, reason);
