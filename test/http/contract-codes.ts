/** The closed list of the HTTP contract, copied by hand: a change here breaks a promise to clients. */
export const contractCodes: ReadonlyMap<string, number> = new Map([
  ...(['malformed-json', 'invalid-request', 'key-required'] as const).map((code) => [code, 400] as const),
  ['unauthenticated', 401],
  ['forbidden', 403],
  ['not-found', 404],
  ['method-not-allowed', 405],
  ...(
    [
      'sold-out',
      'customer-limit',
      'hold-limit',
      'duplicate-request',
      'sale-not-open',
      'sale-closed',
      'hold-expired',
      'not-held',
      'extension-used',
      'already-cancelled',
      'confirmed-otherwise',
      'not-reserved',
      'capacity-below-committed',
    ] as const
  ).map((code) => [code, 409] as const),
  ['history-changed', 410],
  ['stale-revision', 412],
  ['payload-too-large', 413],
  ['unsupported-media-type', 415],
  ['expectation-failed', 417],
  ...(['unknown-pool', 'over-request-limit', 'idempotency-key-reused'] as const).map(
    (code) => [code, 422] as const,
  ),
  ['revision-required', 428],
  ['too-many-requests', 429],
  ['headers-too-large', 431],
  ...(['overloaded', 'outcome-unknown', 'stopping'] as const).map((code) => [code, 503] as const),
]);

export const additions: ReadonlyMap<string, number> = new Map([
  ['request-timeout', 408],
  ['internal-error', 500],
]);
