import type { RefusalReason, RejectionReason } from '../domain/reasons.ts';

type Reason = RejectionReason | RefusalReason;

/** The text for a refusal that was decided: what happened, and what to do next. */
export const reasonDetail = (reason: Reason, poolId = ''): string => details[reason](poolId);

const details: Readonly<Record<Reason, (poolId: string) => string>> = {
  'not-found': () => 'There was nothing with this id when the request was decided. Check the id.',
  'unknown-pool': (poolId) => `The show has no pool "${poolId}". GET the show to see its pools.`,
  'over-request-limit': () => 'One reservation of this show may not ask for so many places. Ask for fewer.',
  'customer-limit': () =>
    'With these the customer would have more places of this show than one customer may. Ask for fewer.',
  'hold-limit': () =>
    'The customer has as many holds of this show as one customer may have. Confirm or cancel some first.',
  'sale-not-open': () => 'The request arrived before the sale opened. Ask again when it is open.',
  'sale-closed': () => 'The request arrived after the sale closed.',
  'sold-out': (poolId) =>
    `Pool "${poolId}" had fewer places left than you asked for. Ask for fewer, or for another pool.`,
  'duplicate-request': () =>
    'An earlier request with this Idempotency-Key was accepted, and that one counts.',
  'idempotency-key-reused': () =>
    'This Idempotency-Key stands for another request. Nothing was done; use a new key for a new request.',
  forbidden: () => 'Only a service or an administrator may confirm reservations of this show.',
  'not-held': () => 'Only a hold can be extended, and this reservation is confirmed.',
  'hold-expired': () =>
    'The hold has expired and its places are no longer free for you. Make a new reservation.',
  'extension-used': () =>
    'A hold can be extended once, and this one was, by an earlier request or by this one, if its answer was lost. Confirm before its "expiresAt".',
  'already-cancelled': () => 'The reservation is cancelled and stays so. Make a new one.',
  'confirmed-otherwise': () =>
    'The reservation is confirmed already, and not with this reference. It stays as it is: GET it to see its reference. If a payment was taken under yours, refund it.',
  'not-reserved': () =>
    'The reservation does not have these places: it was rejected, or you gave back more than it has.',
  'stale-revision': () => 'The show has changed since you read it. Read it again and repeat the change.',
  'capacity-below-committed': (poolId) =>
    `Pool "${poolId}" has more places held and confirmed than that. Use "force" to make it a target.`,
  'invalid-request': () =>
    'With this change the show would close before it opens, or have more than 100 pools.',
};
