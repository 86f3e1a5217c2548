interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** The text at GET /problems/<code>: what the problem means, and what to do next. */
  readonly explanation: string;
}

/**
 * Every error that this service answers with. The list is closed: a client may switch on `code` and has then
 * covered all of them. `request-timeout` and `internal-error` come from HTTP itself, in addition to the codes
 * of the contract.
 */
export const problems = {
  'malformed-json': {
    status: 400,
    title: 'Request body is not valid JSON',
    explanation: 'The request body could not be read as UTF-8 JSON. Correct it and send it again.',
  },
  'invalid-request': {
    status: 400,
    title: 'Invalid request',
    explanation:
      'The request does not match the API description; "errors" names each field and what is expected there. Unknown properties and repeated ones are refused too. Correct the request and send it again.',
  },
  'key-required': {
    status: 400,
    title: 'Idempotency-Key required',
    explanation:
      'Without an Idempotency-Key a repetition of this request could act twice: a cancel of some lines would, and some installations require a key with every POST. Nothing was done. Send the request again with a key: a new one for each command, the same one whenever you repeat it.',
  },
  unauthenticated: {
    status: 401,
    title: 'Authentication required',
    explanation: 'The request has no credentials, or they are not valid. Send valid credentials.',
  },
  forbidden: {
    status: 403,
    title: 'Not permitted',
    explanation: 'The credentials are valid, but they do not permit this call.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    explanation: 'There is nothing at this address, or it belongs to another customer. Check the id.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    explanation: 'This address does not support the method. The Allow header lists those that it supports.',
  },
  'request-timeout': {
    status: 408,
    title: 'Request timed out',
    explanation:
      'The request was not complete in time and the connection was closed. Nothing was done; send it again.',
  },
  'sold-out': {
    status: 409,
    title: 'Not enough places left',
    explanation:
      'A pool you asked for has fewer places left than you asked for. Ask for fewer or for another pool. Where "mayReturn" is true, places are only held by others and may come back.',
  },
  'customer-limit': {
    status: 409,
    title: 'Customer limit for this show reached',
    explanation: 'The show limits how many places one customer may have, and this request would exceed it.',
  },
  'hold-limit': {
    status: 409,
    title: 'Too many holds',
    explanation:
      'The customer has as many holds of the show as one customer may have. Confirm or cancel some first.',
  },
  'duplicate-request': {
    status: 409,
    title: 'Duplicate request',
    explanation:
      'An earlier request with the same Idempotency-Key was accepted, and that one counts. "instance" names what it was about: GET it.',
  },
  'sale-not-open': {
    status: 409,
    title: 'Sale not open yet',
    explanation: 'The show is not on sale yet. Ask again at its "opensAt".',
  },
  'sale-closed': {
    status: 409,
    title: 'Sale closed',
    explanation: 'The show is no longer on sale and takes no new reservations.',
  },
  'hold-expired': {
    status: 409,
    title: 'Hold expired',
    explanation: 'The places were held for a limited time, which is over. Make a new reservation.',
  },
  'not-held': {
    status: 409,
    title: 'Reservation is not held',
    explanation: 'Only a held reservation can be extended, and this one is not held.',
  },
  'extension-used': {
    status: 409,
    title: 'Hold already extended',
    explanation:
      'A hold can be extended once, and this one was: perhaps by this very request, if its answer was lost. The reservation in "instance" has the "expiresAt" that counts. Confirm it before that.',
  },
  'already-cancelled': {
    status: 409,
    title: 'Reservation already cancelled',
    explanation: 'A cancelled reservation cannot come back. Make a new one.',
  },
  'confirmed-otherwise': {
    status: 409,
    title: 'Already confirmed with another reference',
    explanation:
      'The reservation is already confirmed with another reference than this one, or with none. It stays as it is; GET "instance" to see its reference. If a payment was taken under yours, refund it, or confirm another reservation with it. The history keeps both references.',
  },
  'not-reserved': {
    status: 409,
    title: 'Reservation does not have these places',
    explanation:
      'The reservation was rejected, so there is nothing to confirm, extend or cancel; or the request gives back more places than it has.',
  },
  'capacity-below-committed': {
    status: 409,
    title: 'Capacity below the places already taken',
    explanation:
      'The new capacity is less than the places that are already held and confirmed. Use "force" to set it as a target.',
  },
  'history-changed': {
    status: 410,
    title: 'History has changed',
    explanation:
      'The decision that the cursor stands at is gone, or is another one now: the database was restored to an earlier moment and has gone on from there. The detail names the partitions. Read the feed of these partitions again, from the beginning or from a moment that you know, and correct what you have derived from the decisions that are gone.',
  },
  'stale-revision': {
    status: 412,
    title: 'Show has changed since it was read',
    explanation: 'If-Match names an older revision of the show. Read the show again and repeat the change.',
  },
  'payload-too-large': {
    status: 413,
    title: 'Request body too large',
    explanation: 'A request body may have 16 KiB; a call of many requests, 64 KiB.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Request body must be JSON',
    explanation: 'Send the body as application/json in UTF-8, without a content encoding.',
  },
  'expectation-failed': {
    status: 417,
    title: 'Expect header not supported',
    explanation:
      'The Expect header asks for something other than 100-continue. Nothing was done; send the request without it.',
  },
  'unknown-pool': {
    status: 422,
    title: 'Unknown pool',
    explanation:
      'The request names a pool that the show does not have. GET the show to see its pools; a pool that a change adds needs a capacity.',
  },
  'over-request-limit': {
    status: 422,
    title: 'Too many places for one request',
    explanation:
      'The show limits how many places one reservation may have over all its lines: "maxPerRequest".',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency-Key belongs to another request',
    explanation: 'A key stands for one request. Use a new key for a different one.',
  },
  'revision-required': {
    status: 428,
    title: 'If-Match required',
    explanation: 'Changing a show needs the ETag it was read with in If-Match, so that no change is lost.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    explanation: 'Send fewer requests, and try again after Retry-After seconds.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Request headers too large',
    explanation: 'The request line and headers together may have 16 KiB.',
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    explanation:
      'An error of this service, which is in its log. It is not certain whether the request was carried out: check before you repeat it.',
  },
  overloaded: {
    status: 503,
    title: 'Temporarily unavailable',
    explanation:
      'The queue is too long, or a server that this one depends on cannot be reached. Nothing was done. Try again after Retry-After seconds.',
  },
  'outcome-unknown': {
    status: 503,
    title: 'Outcome unknown',
    explanation:
      'The request was sent to the log and no answer came back: it may or may not have been accepted. "instance" names what it is about: GET it after Retry-After seconds to see whether it was carried out, or send the request again with the same Idempotency-Key.',
  },
  stopping: {
    status: 503,
    title: 'Process is stopping',
    explanation:
      'This process takes no new requests; others do. Nothing was done. Send the request again on a new connection.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(problems, text);

export const problemCodes: readonly ProblemCode[] = Object.keys(problems).filter(isProblemCode);
