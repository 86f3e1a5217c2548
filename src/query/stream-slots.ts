import type { FastifyReply, FastifyRequest } from 'fastify';
import { onHangUp } from '../http/connection/on-hang-up.ts';
import { actsFor } from '../http/identity/sees-everybody.ts';
import { ownAddress } from '../http/limits/client-address.ts';
import type { Problem } from '../http/problems/problem.ts';

export interface StreamBounds {
  /** The maximum number of streams in this process. */
  readonly max: number;
  /** The maximum for one identified customer. */
  readonly perCustomer: number;
  /** The maximum for one address, over clients that did not identify themselves. */
  readonly perAddress: number;
}

/** Takes a slot for a stream until the client is gone or answered; a problem when no slot is free. */
export type TakeSlot = (reply: FastifyReply) => Problem | undefined;

/**
 * Limits streams per customer and per address, so that nobody can take all slots. Addresses hidden by a
 * trusted proxy have no limit.
 */
export const newStreamSlots = (bounds: StreamBounds): TakeSlot => {
  let taken = 0;
  const takenBy = new Map<string, number>();
  const giveBack = (name: string): void => {
    const left = (takenBy.get(name) ?? 0) - 1;
    if (left > 0) takenBy.set(name, left);
    else takenBy.delete(name);
  };
  return (reply) => {
    if (taken >= bounds.max) return tooManyHere;
    const client = clientOf(reply.request, bounds);
    const others = client ? (takenBy.get(client.name) ?? 0) : 0;
    if (client && others >= client.max) return tooManyOfOne(client);
    taken += 1;
    if (client) takenBy.set(client.name, others + 1);
    onHangUp(reply, () => {
      taken -= 1;
      if (client) giveBack(client.name);
    });
    return undefined;
  };
};

interface Client {
  readonly what: 'customer' | 'address';
  readonly name: string;
  readonly max: number;
}

/**
 * A service watches for many customers and an administrator for all, so only the limit of the process applies
 * to them.
 */
const clientOf = (request: FastifyRequest, { perCustomer, perAddress }: StreamBounds): Client | undefined => {
  const { caller } = request;
  if (caller === null) {
    const address = ownAddress(request);
    return address === undefined
      ? undefined
      : { what: 'address', name: `address ${address}`, max: perAddress };
  }
  const customerId = caller.isService ? undefined : actsFor(caller);
  return customerId === undefined
    ? undefined
    : { what: 'customer', name: `customer ${customerId}`, max: perCustomer };
};

const retryAfterSeconds = 5;

export const tooManyHere: Problem = {
  code: 'overloaded',
  detail:
    'This process serves as many event streams as it can. Try again after Retry-After seconds, or poll.',
  retryAfterSeconds,
};

const tooManyOfOne = ({ what, max }: Client): Problem => ({
  code: 'too-many-requests',
  detail: `This ${what} has ${max} event streams open, which is as many as one may have. Close one and try again after Retry-After seconds, or poll.`,
  retryAfterSeconds,
});
