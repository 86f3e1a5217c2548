import { type LoadResult, sendLoad } from './autocannon.ts';
import { acceptedIn, answeredIn, sendPlan } from './send-plan.ts';
import type { SendPlan, SendResult } from './sender/plan.ts';
import type { Target } from './sides/side.ts';

/** The result of a closed loop. */
export interface LoadFigures {
  readonly accepted: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
  readonly failed: number;
}

export interface LoadPlan {
  readonly seconds: number;
  /** Number of the first request, so that a second load repeats nothing of the first. */
  readonly from: number;
}

/** A closed loop of 100 connections to one address. */
export type Loader = (target: Target, loading: LoadPlan) => Promise<LoadFigures>;

export const connections = 100;

/** The same request over and over, by autocannon. */
export const byAutocannon: Loader = async (target, { seconds }) =>
  ofAutocannon(await sendLoad({ ...target, connections, seconds }));

const ofAutocannon = ({
  requests,
  non2xx,
  duration,
  latency,
  errors,
  timeouts,
}: LoadResult): LoadFigures => ({
  accepted: requests.total - non2xx,
  seconds: duration,
  p50: latency.p50,
  p99: latency.p99,
  refused: non2xx,
  failed: errors + timeouts,
});

/**
 * Each request differs a little, by our own sender: `headers` are added to the target's and may contain
 * `{n}`.
 */
export const bySender =
  (headers: Readonly<Record<string, string>>, more: Partial<SendPlan> = {}): Loader =>
  async (target, { seconds, from }) =>
    ofSender(
      await sendPlan({
        ...planFor(target, { type: 'closed', connections, seconds }),
        headers: { ...target.headers, ...headers },
        from,
        ...more,
      }),
    );

const ofSender = (result: SendResult): LoadFigures => ({
  accepted: acceptedIn(result),
  seconds: result.seconds,
  p50: result.latency.p50,
  p99: result.latency.p99,
  refused: answeredIn(result) - acceptedIn(result),
  failed: result.failed,
});

/** A plan for the sender with the target's own request. */
export const planFor = ({ url, headers, body }: Target, load: SendPlan['load']): SendPlan => {
  const { origin, pathname } = new URL(url);
  return { origin, method: 'POST', path: pathname, headers, body: JSON.stringify(body), load };
};
