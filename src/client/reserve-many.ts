import { type Answer, answerOf, quotedKey } from './answer.ts';
import { type Api, initOf, type WaitOptions } from './options.ts';
import type { GrantedReservation, PendingReservation } from './reservation.ts';
import type { operations } from './schema.ts';

type Call = operations['requestReservations'];
type Body = Call['requestBody']['content']['application/json'];
type Result = Call['responses'][200]['content']['application/json']['results'][number];
type Told<Status extends Result['status']> = Omit<Extract<Result, { status: Status }>, 'status'>;

/** One of the requests of `reserveMany`. */
export type ManyRequest = Body['requests'][number];

/**
 * What one request was answered; switch on `status`. `replayed`: its key was used before. `retryAfterSeconds`
 * where another look (202), or another try (429, 503), is worth it.
 */
export type ManyResult =
  | (Told<201> & { readonly status: 201; readonly reservation: GrantedReservation })
  | (Told<202> & { readonly status: 202; readonly reservation: PendingReservation })
  | Exclude<Result, { status: 201 | 202 }>;

export type ManyAnswer = Answer<
  'requestReservations',
  { readonly 200: { readonly results: readonly ManyResult[] } }
> & {
  /** The requests as they were sent, each with its key. Sent again, each acts only once. */
  readonly requests: readonly (ManyRequest & { readonly key: string })[];
};

/** Each request without a key gets one, so the whole call can be repeated. */
export const reserveMany = async (
  api: Api,
  given: readonly ManyRequest[],
  { waitSeconds = 10, signal }: Omit<WaitOptions, 'key'> = {},
): Promise<ManyAnswer> => {
  const requests = given.map((request) => ({ ...request, key: request.key ?? crypto.randomUUID() }));
  const body = { requests: requests.map((request) => ({ ...request, key: quotedKey(request.key) })) };
  const asked = api.POST('/v1/reservations/batch', {
    body,
    headers: { prefer: `wait=${waitSeconds}` },
    ...initOf({ ...(signal && { signal }) }),
  });
  const answer = await answerOf<'requestReservations', { readonly 200: { readonly results: ManyResult[] } }>(
    asked,
    'Whether they were carried out is not certain: ask again with the `requests` of this answer.',
  );
  return { ...answer, requests };
};
