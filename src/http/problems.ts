interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What GET /problems/<code> tells: what it means and what to do next. */
  readonly explanation: string;
}

/**
 * Every error this service answers with. The list is closed: a client may switch on `code` and know it has seen all.
 * `request-timeout` and `internal-error` are what HTTP itself needs beside the codes of the contract.
 */
export const problems = {
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    explanation: 'The request body could not be read as UTF-8 JSON. Correct it and send it again.',
  },
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    explanation:
      'Something in the request breaks the contract; "errors" names each place and what is expected there. Unknown properties and those that are there twice are refused too. Correct the request and send it again.',
  },
  'key-required': {
    status: 400,
    title: 'An Idempotency-Key is required',
    explanation:
      'A repetition of this request without an Idempotency-Key could act twice: of a cancel of some lines it would, and some installations ask for a key with every POST. Nothing was done. Send the request again with a key: a new one for each command, the same one whenever you repeat it.',
  },
  unauthenticated: {
    status: 401,
    title: 'Who is asking?',
    explanation:
      'The request does not say who is asking, or what it says cannot be trusted. Send credentials.',
  },
  forbidden: {
    status: 403,
    title: 'Not yours to do',
    explanation: 'You are known, but this call needs a right that you do not have.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing',
    explanation: 'Nothing is known under this address, or it belongs to somebody else. Check the id.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not take that method',
    explanation: 'The address exists, the method does not. The Allow header lists those that do.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
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
    title: 'Your limit for this show is reached',
    explanation: 'The show limits how many places one customer may have, and this request would exceed it.',
  },
  'hold-limit': {
    status: 409,
    title: 'Too many holds at once',
    explanation: 'You have as many holds of the show as one customer may. Confirm or cancel some first.',
  },
  'duplicate-request': {
    status: 409,
    title: 'The same request was made before',
    explanation:
      'Another request was made with this Idempotency-Key already, and that one counts. "instance" names what it was about: look there.',
  },
  'sale-not-open': {
    status: 409,
    title: 'The sale has not opened',
    explanation: 'The show is not on sale yet. Come back at its "opensAt".',
  },
  'sale-closed': {
    status: 409,
    title: 'The sale is closed',
    explanation: 'The show is no longer on sale. No new reservations are taken.',
  },
  'hold-expired': {
    status: 409,
    title: 'The hold has expired',
    explanation: 'The places were held for a limited time, which is over. Make a new reservation.',
  },
  'not-held': {
    status: 409,
    title: 'The reservation is not on hold',
    explanation: 'Only a held reservation can be extended, and this one is not held.',
  },
  'extension-used': {
    status: 409,
    title: 'The hold was extended before',
    explanation:
      'A hold can be extended once, and this one was: perhaps by this very request, if its answer was lost. "expiresAt" of the reservation in "instance" counts. Confirm it before that.',
  },
  'already-cancelled': {
    status: 409,
    title: 'The reservation is cancelled',
    explanation: 'A cancelled reservation cannot come back. Make a new one.',
  },
  'confirmed-otherwise': {
    status: 409,
    title: 'It is confirmed with another reference',
    explanation:
      'The reservation is confirmed already, and with another reference than this one, or with none. It stays as it is; GET "instance" to see its reference. If money was taken under yours, give it back, or confirm another reservation with it. The history keeps both.',
  },
  'not-reserved': {
    status: 409,
    title: 'The reservation does not have these places',
    explanation:
      'The reservation was rejected, so there is nothing to confirm, extend or cancel; or more was to be given back than it has.',
  },
  'capacity-below-committed': {
    status: 409,
    title: 'More places are taken than that',
    explanation:
      'The new capacity is less than what is held and confirmed already. Use "force" to set it as a target.',
  },
  'stale-revision': {
    status: 412,
    title: 'The show has changed since',
    explanation: 'If-Match names an older revision. Read the show again and repeat the change.',
  },
  'payload-too-large': {
    status: 413,
    title: 'The body is too large',
    explanation: 'A request body may have 16 KiB.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has to be JSON',
    explanation: 'Send the body as application/json in UTF-8, without a content encoding.',
  },
  'expectation-failed': {
    status: 417,
    title: 'What is expected cannot be met',
    explanation:
      'The Expect header asks for something other than 100-continue. Nothing was done; send the request without it.',
  },
  'unknown-pool': {
    status: 422,
    title: 'The show has no such pool',
    explanation:
      'The request names a pool that the show does not have. GET the show to see its pools; a pool that a change adds needs a capacity.',
  },
  'over-request-limit': {
    status: 422,
    title: 'More places than one request may ask for',
    explanation:
      'The show limits how many places one reservation may have over all its lines: "maxPerRequest".',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    explanation: 'A key stands for one request. Use a new key for a different one.',
  },
  'revision-required': {
    status: 428,
    title: 'If-Match is required',
    explanation: 'Changing a show needs the ETag it was read with in If-Match, so that no change is lost.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests from you',
    explanation: 'Slow down, and come back after Retry-After seconds.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    explanation: 'The request line and headers together may have 16 KiB.',
  },
  'internal-error': {
    status: 500,
    title: 'Something is broken here',
    explanation:
      'A bug on our side, and it is in our log. Whether the request was carried out is not certain: look first.',
  },
  overloaded: {
    status: 503,
    title: 'Not now',
    explanation:
      'The queue is too long, or a server behind this one cannot be reached. Nothing was done. Come back after Retry-After seconds.',
  },
  'outcome-unknown': {
    status: 503,
    title: 'It may or may not have been accepted',
    explanation:
      'The request was sent to the log and no answer came back. "instance" names what it is about: GET it after Retry-After seconds to see whether it was carried out, or ask again with the same Idempotency-Key.',
  },
  stopping: {
    status: 503,
    title: 'This process is stopping',
    explanation:
      'It takes no new work; others do. Nothing was done. Send the request again on a new connection.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(problems, text);

export const problemCodes: readonly ProblemCode[] = Object.keys(problems).filter(isProblemCode);
