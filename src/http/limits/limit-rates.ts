import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Problem } from '../problems/problem.ts';
import { sendProblem } from '../problems/send-problem.ts';
import { clientAddress } from './client-address.ts';
import { type Allowance, newRateLimiter, type RateLimit, type RateLimiter } from './rate-limiter.ts';

/** A limit that is left out does not apply, and costs nothing. Each process counts on its own. */
export interface RateLimits {
  readonly customer?: RateLimit;
  readonly address?: RateLimit;
}

const keysMax = 100_000;
const probes = new Set(['/livez', '/readyz']);

/**
 * Answers 429 to a client that sends too many requests. Every answer to a counted request has RateLimit and
 * RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10). The address is counted before anything else
 * happens; the customer is counted after identification and before the body is read. Probes are not counted,
 * because they all come from one address.
 */
export const limitRates = (app: FastifyInstance, { customer, address }: RateLimits): void => {
  if (address) {
    const count = counter('address', address);
    app.addHook('onRequest', (request, reply, done) => {
      if (probes.has(request.routeOptions.url ?? '') || count(reply, clientAddress(request))) done();
    });
  }
  if (customer) {
    const count = counter('customer', customer);
    app.addHook('preParsing', (request, reply, _payload, done) => {
      const customerId = request.caller?.customerId;
      if (customerId === undefined || count(reply, customerId)) done();
    });
  }
};

/** Returns whether the request may go on; if not, it has been answered. */
type Count = (reply: FastifyReply, key: string) => boolean;

const counter = (name: string, limit: RateLimit): Count => {
  const limiter: RateLimiter = newRateLimiter({ limit, keysMax, monotonicMs: () => performance.now() });
  const policy = `"${name}";q=${limit.burst};w=${Math.ceil(limit.burst / limit.perSecond)}`;
  return (reply, key) => {
    const allowance = limiter(key);
    append(reply, 'ratelimit-policy', policy);
    append(reply, 'ratelimit', `"${name}";r=${allowance.remaining};t=${allowance.fullAfterSeconds}`);
    if (!allowance.isAllowed) sendProblem(reply, tooMany(name, allowance));
    return allowance.isAllowed;
  };
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
