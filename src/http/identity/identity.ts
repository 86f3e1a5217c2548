import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { CustomerId } from '../../domain/ids.ts';
import type { Actor } from '../../domain/requests.ts';
import { invalidRequest, type Problem } from '../problems/problem.ts';
import { sendProblem } from '../problems/send-problem.ts';

/** Who is asking. An admin need not be a customer; a service is the customer it acts for. */
export interface Caller {
  readonly customerId?: CustomerId;
  readonly isAdmin: boolean;
  readonly isService: boolean;
  /** When what says so runs out, tolerance included (wall clock, ms); never when absent. What is told later is told to nobody known. */
  readonly validUntilMs?: number;
}

export type Identification =
  | { readonly type: 'identified'; readonly caller: Caller }
  | {
      readonly type: 'refused';
      readonly problem: Problem;
      /** What WWW-Authenticate answers: how to say who one is (RFC 9110 §11.6.1). */
      readonly challenge?: string;
    };

/** How OpenAPI describes one way to say who is asking. */
export type SecurityScheme =
  | { readonly type: 'apiKey'; readonly in: 'header'; readonly name: string; readonly description: string }
  | {
      readonly type: 'http';
      readonly scheme: 'bearer';
      readonly bearerFormat: string;
      readonly description: string;
    };

/** Tells who is asking from the headers alone. What cannot be trusted is a refusal; only a bug throws. */
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

/** Before the body is read: who may not ask learns nothing of what is valid. */
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

/** A customer, or a service that says for whom it acts: `customerIdOf` knows who it is. */
export const requireCustomer = (identity: Identity): onRequestAsyncHookHandler =>
  requireThat(identity, ({ customerId, isService }) => {
    if (customerId !== undefined) return undefined;
    return isService ? actsForNobody : notCustomer;
  });

export const requireAdmin = (identity: Identity): onRequestAsyncHookHandler =>
  requireThat(identity, ({ isAdmin }) => (isAdmin ? undefined : notAdmin));

/** For what no customer may do: confirming where `confirmBy` says so, listing a whole show. */
export const requireServiceOrAdmin = (identity: Identity): onRequestAsyncHookHandler =>
  requireThat(identity, ({ isAdmin, isService }) => (isAdmin || isService ? undefined : notStaff));

/** Anybody who is known: customers for what is theirs, services and admins for what is anybody's. */
export const requireCaller = (identity: Identity): onRequestAsyncHookHandler =>
  requireThat(identity, () => undefined);

/** Who is asking, on a route that has one of the hooks above; anything else is a bug. */
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

/** In which capacity the caller acts: that of the most rights, because those are what it is judged by. */
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
