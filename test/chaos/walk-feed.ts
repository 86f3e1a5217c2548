import { setTimeout as delay } from 'node:timers/promises';
import { type DecisionEvent, newClient } from '../../src/client/client.ts';

/** A follower of the feed from the beginning of the sale, through every fault. */
export interface FeedWalk {
  readonly events: readonly DecisionEvent[];
  /** Problems that ended the walk. */
  readonly problems: readonly string[];
  /** Resolves when nothing has come for some seconds. */
  readonly toTheEnd: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Longer than any pause between two pages while something is left. */
const quietMs = 3_000;
const limitMs = 60_000;
const stopMs = 2_000;

/** Each page is read from any API process that runs then. */
export const walkFeed = (api: () => string): FeedWalk => {
  const stopping = new AbortController();
  const events: DecisionEvent[] = [];
  const problems: string[] = [];
  let heardMs = performance.now();
  const client = newClient({
    baseUrl: 'http://any-process',
    headers: () => ({ 'x-service': 'true' }),
    fetch: (request) => fetch(request.url.replace('http://any-process', api()), request),
    retrying: { triesMax: 2, answerMsMax: 35_000 },
  });
  const walk = async (): Promise<void> => {
    for await (const page of client.decisions({ limit: 1_000, signal: stopping.signal })) {
      heardMs = performance.now();
      if (page.ok) events.push(...page.data.data);
      else problems.push(page.problem.detail);
    }
  };
  const walking = walk().catch((error: unknown) => {
    if (!stopping.signal.aborted) problems.push(String(error));
  });
  return {
    events,
    problems,
    toTheEnd: async () => {
      const untilMs = performance.now() + limitMs;
      while (performance.now() < Math.min(untilMs, heardMs + quietMs)) await delay(100);
    },
    stop: async () => {
      stopping.abort();
      // A call in the air may not hear of it (Node keeps the signal of a copied Request by a weak reference). Its process ends it.
      await Promise.race([walking, delay(stopMs)]);
    },
  };
};
