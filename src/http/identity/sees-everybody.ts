import type { CustomerId } from '../../domain/ids.ts';
import type { Caller } from './identity.ts';

/**
 * Administrators see everybody's reservations, and so does a service that names no customer. A service that names a customer
 * acts as that customer: reservations of other customers are 404.
 */
export const seesEverybody = ({ isAdmin, isService, customerId }: Caller): boolean =>
  isAdmin || (isService && customerId === undefined);

/** The customer to whom a reservation must belong for this caller; undefined when it may belong to anybody. */
export const actsFor = (caller: Caller): CustomerId | undefined =>
  seesEverybody(caller) ? undefined : caller.customerId;
