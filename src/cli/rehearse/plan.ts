import { isIP } from 'node:net';
import { isBearerToken } from '../options/values.ts';

/** The load of a rehearsal. */
export interface Plan {
  readonly url: string;
  readonly customers: number;
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Requests for places in total; repeats, GETs, confirms and cancels are additional. */
  readonly requests: number;
  readonly pools: readonly Pool[];
  /** Short enough for holds to lapse during the rehearsal. */
  readonly holdSeconds: number;
}

export interface Pool {
  readonly id: 'standing' | 'balcony';
  readonly name: string;
  readonly capacity: number;
}

export interface Rehearsal {
  readonly plan: Plan;
  readonly json: boolean;
  /** The token of a service that is also an administrator; without one, the headers of the local mode are sent. */
  readonly token?: string;
}

/** The options of the verb. */
export interface RehearseOptions {
  readonly url: URL;
  readonly customers: number;
  /** Requests for places per second. */
  readonly rate: number;
  readonly minutes: number;
  readonly token: string | undefined;
  /** Allows a target on another machine. */
  readonly yes: boolean;
  readonly json: boolean;
}

const requestsMax = 1_000_000;
const holdSecondsMax = 15;

/** The rehearsal to run, or a message that says why it is refused. */
export const readPlan = (options: RehearseOptions, environment: NodeJS.ProcessEnv): Rehearsal | string => {
  const { url, yes, json } = options;
  if (!yes && !isLoopback(url.hostname))
    return `${url.host} is not this machine: a show would be opened there and a whole on-sale sent to it; say --yes if that is meant`;
  const plan = planOf(options);
  if (typeof plan === 'string') return plan;
  const token = options.token ?? environment['REHEARSE_TOKEN'] ?? '';
  if (token === '') return { plan, json };
  return isBearerToken(token)
    ? { plan, json, token }
    : 'REHEARSE_TOKEN is no token that Authorization: Bearer can carry';
};

/** Node's URL parser writes every form of an IPv4 address as four numbers. */
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));

const planOf = ({ url, customers, rate, minutes }: RehearseOptions): Plan | string => {
  const seconds = minutes * 60;
  const requests = Math.max(1, Math.round(rate * seconds));
  if (requests > requestsMax)
    return `${requests} requests are more than the ${requestsMax} whose answers can be kept: lower --rate or --minutes`;
  return {
    url: `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, ''),
    customers,
    ratePerSecond: rate,
    seconds,
    requests,
    pools: poolsFor(requests),
    holdSeconds: Math.min(holdSecondsMax, Math.max(1, Math.round(seconds / 4))),
  };
};

/** Fewer places than are asked for: a request asks for two standing places on average, and every tenth for one on the balcony. */
const poolsFor = (requests: number): readonly Pool[] => [
  { id: 'standing', name: 'Standing', capacity: requests },
  { id: 'balcony', name: 'Balcony', capacity: Math.ceil(requests / 50) },
];
