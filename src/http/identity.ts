import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { CustomerId } from '../domain/ids.ts';
import type { Problem } from './problem.ts';
import { sendProblem } from './send-problem.ts';

/** Who is asking. An admin need not be a customer. */
export interface Caller {
  readonly customerId?: CustomerId;
  readonly isAdmin: boolean;
}

export type Identification =
  | { readonly type: 'identified'; readonly caller: Caller }
  | { readonly type: 'refused'; readonly problem: Problem };

/** How OpenAPI describes one way to say who is asking. */
export type SecurityScheme =
  | { readonly type: 'apiKey'; readonly in: 'header'; readonly name: string; readonly description: string }
  | {
      readonly type: 'http';
      readonly scheme: 'bearer';
      readonly bearerFormat: string;
      readonly description: string;
    };

/** Tells who is asking from the headers alone. Never throws: what cannot be trusted is a refusal. */
export interface Identity {
  readonly securitySchemes: { readonly customer: SecurityScheme; readonly admin: SecurityScheme };
  identify(headers: IncomingHttpHeaders): Identification | Promise<Identification>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `requireCustomer` and `requireAdmin` before the handler. */
    caller: Caller | null;
  }
}

/** Before the body is read: who may not ask learns nothing of what is valid. */
export const requireCustomer =
  (identity: Identity): onRequestAsyncHookHandler =>
  async (request, reply) => {
    const known = await identity.identify(request.headers);
    if (known.type === 'refused') return sendProblem(reply, known.problem);
    if (known.caller.customerId === undefined) return sendProblem(reply, noCustomer);
    request.caller = known.caller;
    return undefined;
  };

export const requireAdmin =
  (identity: Identity): onRequestAsyncHookHandler =>
  async (request, reply) => {
    const known = await identity.identify(request.headers);
    if (known.type === 'refused') return sendProblem(reply, known.problem);
    if (!known.caller.isAdmin) return sendProblem(reply, notAdmin);
    request.caller = known.caller;
    return undefined;
  };

/** The customer of a route that has `requireCustomer`; anything else is a bug. */
export const customerIdOf = ({ caller }: FastifyRequest): CustomerId => {
  if (caller?.customerId === undefined) throw new Error('this route does not ask who the customer is');
  return caller.customerId;
};

const noCustomer: Problem = {
  code: 'unauthenticated',
  detail: 'You are known, but not as a customer. Say which customer you are.',
};

const notAdmin: Problem = { code: 'forbidden', detail: 'This call is for administrators.' };
