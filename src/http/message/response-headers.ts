/** Headers as OpenAPI shows them; defined here once, because several calls use them. */
export const responseHeaders = {
  location: { Location: { type: 'string', description: 'Where it is.' } },
  retryAfter: {
    'Retry-After': { type: 'integer', description: 'Seconds after which another look is worth it.' },
  },
  etag: { ETag: { type: 'string', description: 'For If-None-Match.' } },
  idempotentReplayed: {
    'Idempotent-Replayed': {
      type: 'string',
      enum: ['true'],
      description:
        'The Idempotency-Key was seen before: what was decided then, with the reservation or show as it is now.',
    },
  },
  preferenceApplied: { 'Preference-Applied': { type: 'string', description: 'wait=N as it was applied.' } },
} as const;
