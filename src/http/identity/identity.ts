import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { CustomerId } from '../../domain/ids.ts';
import type { Actor } from '../../domain/requests.ts';
import { invalidRequest, type Problem } from '../problems/problem.ts';
import { sendProblem } from '../problems/send-problem.ts';

/** The identified caller. An admin need not be a customer; a service acts as the customer that it names. */
export interface Caller {
  readonly customerId?: CustomerId;
  readonly isAdmin: boolean;
  readonly isService: boolean;
  /**
   * When the credentials expire, tolerance included (wall clock, ms); undefined where they never expire.
   * After that time no data may be sent to the caller.
   */
  readonly validUntilMs?: number;
}

export type Identification =
  | { readonly type: 'identified'; readonly caller: Caller }
  | {
      readonly type: 'refused';
      readonly problem: Problem;
      /** The value of WWW-Authenticate: how to authenticate (RFC 9110 §11.6.1). */
      readonly challenge?: string;
    };

/** One way to authenticate, as OpenAPI describes it. */
export type SecurityScheme =
  | { readonly type: 'apiKey'; readonly in: 'header'; readonly name: string; readonly description: string }
  | {
      readonly type: 'http';
      readonly scheme: 'bearer';
      readonly bearerFormat: string;
      readonly description: string;
    };

/** Identifies the caller by the headers alone. Credentials that cannot be trusted are a refusal; only a bug throws. */
export interface Identity {
  readonly securitySchemes: Readonly<Record<Actor, SecurityScheme>>;
  identify(headers: IncomingHttpHeaders): Identification | Promise<Identification>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the `require…` hooks before the handler. */
    caller: Caller | null;
  }
}

/**
 * Runs before the body is read, so that a caller without permission cannot find out which bodies are valid.
 */
const requireThat =
  (identity: Identity, refusalOf: (caller: Caller) => Problem | undefined): onRequestAsyncHookHandler =>
  async (request, reply) => {
    const known = await identity.identify(request.headers);
    if (known.type === 'refused') return refuse(reply, known);
    const problem = refusalOf(known.caller);
    if (problem) return sendProblem(reply, problem);
    request.caller = known.caller;
    return undefined;
  };

const refuse = (
  reply: FastifyReply,
  { problem, challenge }: Extract<Identification, { type: 'refused' }>,
): FastifyReply => {
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  return sendProblem(reply, problem);
};

/** Requires a customer, or a service that names one; `customerIdOf` gives the customer. */
export const requireCustomer = (identity: Identity): onRequestAsyncHookHandler =>
  requireThat(identity, ({ customerId, isService }) => {
    if (customerId !== undefined) return undefined;
    return isService ? actsForNobody : notCustomer;
  });

export const requireAdmin = (identity: Identity): onRequestAsyncHookHandler =>
  requireThat(identity, ({ isAdmin }) => (isAdmin ? undefined : notAdmin));

/** For calls that customers may not make: confirming where `confirmBy` says so, and listing a whole show. */
export const requireServiceOrAdmin = (identity: Identity): onRequestAsyncHookHandler =>
  requireThat(identity, ({ isAdmin, isService }) => (isAdmin || isService ? undefined : notStaff));

/** Requires any identified caller: customers for their own data, services and admins for the data of anybody. */
export const requireCaller = (identity: Identity): onRequestAsyncHookHandler =>
  requireThat(identity, () => undefined);

/** The caller, on a route that has one of the hooks above; anything else is a bug. */
export const callerOf = ({ caller }: FastifyRequest): Caller => {
  if (caller === null) throw new Error('this route does not ask who is there');
  return caller;
};

/** The customer of a route that has `requireCustomer`; anything else is a bug. */
export const customerIdOf = (request: FastifyRequest): CustomerId => {
  const { customerId } = callerOf(request);
  if (customerId === undefined) throw new Error('this route does not ask who the customer is');
  return customerId;
};

/** The role in which the caller acts: the one with the most rights, because those rights are checked. */
export const actorOf = ({ isAdmin, isService }: Caller): Actor =>
  isAdmin ? 'admin' : isService ? 'service' : 'customer';

const notCustomer: Problem = {
  code: 'forbidden',
  detail: 'The credentials are valid, but not those of a customer, and this call is for customers.',
};

const actsForNobody: Problem = {
  ...invalidRequest([{ pointer: 'X-Customer-Id', detail: 'is required: name the customer you act for' }]),
};

const notAdmin: Problem = { code: 'forbidden', detail: 'This call is for administrators.' };

const notStaff: Problem = { code: 'forbidden', detail: 'This call is for services and administrators.' };
