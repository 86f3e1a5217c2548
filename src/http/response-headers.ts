/** Headers as OpenAPI shows them; named here once, because several calls answer with them. */
export const responseHeaders = {
  location: { Location: { type: 'string', description: 'Where it is.' } },
  retryAfter: {
    'Retry-After': { type: 'integer', description: 'Seconds after which another look is worth it.' },
  },
  etag: { ETag: { type: 'string', description: 'For If-None-Match.' } },
  preferenceApplied: { 'Preference-Applied': { type: 'string', description: 'wait=N as it was applied.' } },
} as const;
