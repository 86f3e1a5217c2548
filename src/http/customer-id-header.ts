import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { type CustomerId, parseCustomerId } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import { invalidRequest, type Problem } from './problem.ts';

export type CustomerIdHeader =
  | { readonly type: 'absent' }
  | { readonly type: 'named'; readonly customerId: CustomerId }
  | { readonly type: 'malformed'; readonly problem: Problem };

/** Whom X-Customer-Id names. An empty one is an absent one: proxies blank what they cannot take out. */
export const readCustomerIdHeader = (headers: IncomingHttpHeaders): CustomerIdHeader => {
  const sent = headers['x-customer-id'];
  if (sent === undefined || sent === '') return { type: 'absent' };
  const text = utf8Of(typeof sent === 'string' ? sent : sent.join(', '));
  const customerId = text === undefined ? undefined : parseCustomerId(text);
  return customerId === undefined
    ? { type: 'malformed', problem: badCustomerId }
    : { type: 'named', customerId };
};

/** Node hands header bytes over as latin1, whatever they were. */
const utf8Of = (header: string): string | undefined => {
  if (/^[\x20-\x7e]*$/.test(header)) return header;
  const bytes = Buffer.from(header, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
};

const badCustomerId: Problem = {
  ...invalidRequest([]),
  detail: `X-Customer-Id has to be 1 to ${limits.customerIdBytes} bytes of UTF-8.`,
  errors: [{ pointer: 'X-Customer-Id', detail: `must be 1 to ${limits.customerIdBytes} bytes of UTF-8` }],
};
