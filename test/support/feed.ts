import type { DecisionEvent, DecisionPage } from '../../src/client/client.ts';
import { call } from './client.ts';

export const asService = { 'x-service': 'true' } as const;

export type FeedQuery = Readonly<Record<string, string>>;

const parsePage = (body: unknown): DecisionPage => body as DecisionPage;

/** One page; `wait` is how many seconds it may wait for a decision. */
export const readFeed = async (api: string, query: FeedQuery, wait?: number): Promise<DecisionPage> => {
  const { status, body } = await call(`${api}/v1/decisions?${new URLSearchParams(query)}`, {
    headers: asService,
    ...(wait !== undefined && { wait }),
  });
  if (status !== 200) throw new Error(`the feed answered ${status}: ${JSON.stringify(body)}`);
  return parsePage(body);
};

/** Every event from a place to the end. */
export const walkFeed = async (api: string, query: FeedQuery): Promise<readonly DecisionEvent[]> => {
  const events: DecisionEvent[] = [];
  for (let place = query; ; ) {
    const { data, nextCursor } = await readFeed(api, place);
    events.push(...data);
    if (data.length === 0) return events;
    place = { ...query, after: nextCursor };
  }
};
