import { type Answer, answerOf, type FetchResult } from './answer.ts';
import type { DecisionEvent } from './decision-event.ts';
import { type Api, type CallOptions, initOf } from './options.ts';
import { pause, retryAfterMs } from './retrying.ts';
import type { operations } from './schema.ts';

export interface DecisionPage {
  readonly data: DecisionEvent[];
  /** Store it together with what you made of the page, and go on from it. */
  readonly nextCursor: string;
}

type Filters = Omit<NonNullable<operations['listDecisions']['parameters']['query']>, 'after'>;

export interface FollowOptions extends CallOptions, Filters {
  /** The `nextCursor` of the last page that was worked through; `now` for what comes from here on; without it, all. */
  readonly after?: string;
}

export type DecisionPages = AsyncGenerator<Answer<'listDecisions', { readonly 200: DecisionPage }>, void>;

const pauseMsMax = 30_000;

export const feedCalls = (api: Api) => ({
  /**
   * The feed, page by page, and then each page as it is decided; use a signal to end it. Outages are waited for, however long
   * they take. A problem that no waiting mends, such as `history-changed`, is the last value.
   */
  decisions: ({ after, signal, ...filters }: FollowOptions = {}): DecisionPages =>
    follow(after, signal, (place) => {
      const query = { ...filters, ...(place !== undefined && { after: place }) };
      const init = {
        params: { query, header: { prefer: 'wait=30' } },
        ...initOf({ ...(signal && { signal }) }),
      };
      return answerOf(api.GET('/v1/decisions', init).then(parseResult));
    }),
});

/** The service answers with JSON unless another type is asked for. */
const parseResult = (result: FetchResult<unknown>): FetchResult<DecisionPage> =>
  result as FetchResult<DecisionPage>;

type ReadPage = (
  place: string | undefined,
) => Promise<Answer<'listDecisions', { readonly 200: DecisionPage }>>;

async function* follow(
  after: string | undefined,
  signal: AbortSignal | undefined,
  read: ReadPage,
): DecisionPages {
  let failed = 0;
  for (let place = after; ; ) {
    const beganAtMs = performance.now();
    const answer = await read(place);
    if (!answer.ok) {
      if (!mayPass(answer.status)) return yield answer;
      failed += 1;
      await pause(Math.random() * Math.min(pauseMsMax, 100 * 2 ** failed), signal);
      continue;
    }
    failed = 0;
    const { data, nextCursor }: DecisionPage = answer.data;
    if (data.length > 0 || nextCursor !== place) yield answer;
    place = nextCursor;
    const isHurried = data.length === 0 && performance.now() - beganAtMs < 1_000;
    // A service with too many followers answers at once.
    if (isHurried) await pause(retryAfterMs(answer) || 1_000, signal);
  }
}

/** 0 is no answer at all. */
const mayPass = (status: number): boolean => status === 0 || status === 429 || status >= 500;
