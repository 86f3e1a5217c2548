import type { CustomerId } from '../../domain/ids.ts';
import type { Caller } from './identity.ts';

/**
 * Administrators see everybody's reservations, and so does a service while it names no customer. A service that names
 * one is that customer: what is not theirs is not there.
 */
export const seesEverybody = ({ isAdmin, isService, customerId }: Caller): boolean =>
  isAdmin || (isService && customerId === undefined);

/** Whose a reservation must be for this caller; undefined when anybody's will do. */
export const actsFor = (caller: Caller): CustomerId | undefined =>
  seesEverybody(caller) ? undefined : caller.customerId;
