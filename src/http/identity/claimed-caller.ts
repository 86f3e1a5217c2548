import type { JWTPayload } from 'jose';
import { type CustomerId, parseCustomerId } from '../../domain/ids.ts';
import { limits } from '../../domain/limits.ts';
import { newFault, type TokenFault } from './token-faults.ts';

/** The caller as a verified token describes it, before X-Customer-Id is read. */
export type ClaimedCaller =
  | { readonly type: 'person'; readonly customerId: CustomerId; readonly isAdmin: boolean }
  | { readonly type: 'service'; readonly isAdmin: boolean };

const adminScope = 'onsale:admin';
const serviceScope = 'onsale:service';

/** Reads `sub`, `scope` and `scp`. The `sub` of a service names no customer, so it is not read. */
export const claimedCaller = (claims: JWTPayload): ClaimedCaller | TokenFault => {
  const scopes = [...scopesOf(claims['scope']), ...scopesOf(claims['scp'])];
  const isAdmin = scopes.includes(adminScope);
  if (scopes.includes(serviceScope)) return { type: 'service', isAdmin };
  if (claims.sub === undefined) return newFault('The token lacks sub.');
  const customerId = typeof claims.sub === 'string' ? parseCustomerId(claims.sub) : undefined;
  return customerId === undefined
    ? newFault(`The sub of the token has to be 1 to ${limits.customerIdBytes} bytes of UTF-8.`)
    : { type: 'person', customerId, isAdmin };
};

/**
 * RFC 8693 defines one string with spaces. Of the issuers that use `scp`, some send a list and some a string.
 */
const scopesOf = (claim: unknown): readonly unknown[] => {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim : [];
};
