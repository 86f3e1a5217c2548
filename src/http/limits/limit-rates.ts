import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CustomerId } from '../../domain/ids.ts';
import type { Problem } from '../problems/problem.ts';
import { sendProblem } from '../problems/send-problem.ts';
import { clientAddress } from './client-address.ts';
import { type Allowance, newRateLimiter, type RateLimit, type RateLimiter } from './rate-limiter.ts';

/** A limit that is left out does not apply, and costs nothing. Each process counts on its own. */
export interface RateLimits {
  readonly customer?: RateLimit;
  readonly address?: RateLimit;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The body is a list of requests of several customers. Each of them counts for the rate limits, and has a
     * key of its own where keys are required.
     */
    isOfMany?: boolean;
  }
  interface FastifyInstance {
    /** Counts one request of a call of many. */
    countOne: CountOne;
  }
}

/**
 * Why the request at `index` of the call may not go on; undefined where it may. `customerId` is undefined where the
 * request names none.
 */
type CountOne = (
  reply: FastifyReply,
  index: number,
  customerId: CustomerId | undefined,
) => Problem | undefined;

const keysMax = 100_000;
const probes = new Set(['/livez', '/readyz']);

/**
 * Answers 429 to a client that sends too many requests. Every answer to a counted request has RateLimit and
 * RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10). The address is counted before anything else
 * happens; the customer is counted after identification and before the body is read. Probes are not counted,
 * because they all come from one address. Of a call of many, each request counts: the call itself is the
 * first of its address.
 */
export const limitRates = (app: FastifyInstance, limits: RateLimits): void => {
  const address = limits.address && newCounter('address', limits.address);
  const customer = limits.customer && newCounter('customer', limits.customer);
  if (address)
    app.addHook('onRequest', (request, reply, done) => {
      if (probes.has(request.routeOptions.url ?? '') || mayGoOn(reply, address, clientAddress(request)))
        done();
    });
  if (customer)
    app.addHook('preParsing', (request, reply, _payload, done) => {
      const customerId = isOfMany(request) ? undefined : request.caller?.customerId;
      if (customerId === undefined || mayGoOn(reply, customer, customerId)) done();
    });
  app.decorate('countOne', (reply, index, customerId) => {
    const counted = index === 0 ? undefined : address?.count(clientAddress(reply.request));
    if (counted) reply.header('ratelimit', counted.left);
    if (counted?.refusal || customerId === undefined) return counted?.refusal;
    return customer?.count(customerId).refusal;
  });
};

const isOfMany = ({ routeOptions }: FastifyRequest): boolean => routeOptions.config.isOfMany === true;

interface Counter {
  readonly policy: string;
  readonly count: (key: string) => Counted;
}

interface Counted {
  /** The member of the header RateLimit. */
  readonly left: string;
  readonly refusal: Problem | undefined;
}

const newCounter = (name: string, limit: RateLimit): Counter => {
  const limiter: RateLimiter = newRateLimiter({ limit, keysMax, monotonicMs: () => performance.now() });
  return {
    policy: `"${name}";q=${limit.burst};w=${Math.ceil(limit.burst / limit.perSecond)}`,
    count: (key) => {
      const allowance = limiter(key);
      return {
        left: `"${name}";r=${allowance.remaining};t=${allowance.fullAfterSeconds}`,
        refusal: allowance.isAllowed ? undefined : tooMany(name, allowance),
      };
    },
  };
};

/** Returns whether the request may go on; if not, it has been answered. */
const mayGoOn = (reply: FastifyReply, { policy, count }: Counter, key: string): boolean => {
  const { left, refusal } = count(key);
  append(reply, 'ratelimit-policy', policy);
  append(reply, 'ratelimit', left);
  if (refusal) sendProblem(reply, refusal);
  return refusal === undefined;
};

const append = (reply: FastifyReply, name: string, member: string): void => {
  const before = reply.getHeader(name);
  reply.header(name, before === undefined ? member : `${before}, ${member}`);
};

const tooMany = (name: string, { retryAfterSeconds }: Allowance): Problem => ({
  code: 'too-many-requests',
  detail: `Too many requests from this ${name}. Nothing was done; try again after ${retryAfterSeconds} s.`,
  retryAfterSeconds,
});
