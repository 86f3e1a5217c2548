import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { type CustomerId, parseCustomerId } from '../../domain/ids.ts';
import { limits } from '../../domain/limits.ts';
import { invalidRequest, type Problem } from '../problems/problem.ts';

export type CustomerIdHeader =
  | { readonly type: 'absent' }
  /**
   * Proxies send an empty value when they cannot remove the header. From a service it is refused as a
   * mistake, because a service that names no customer sees the reservations of all.
   */
  | { readonly type: 'empty' }
  | { readonly type: 'named'; readonly customerId: CustomerId }
  | { readonly type: 'malformed'; readonly problem: Problem };

/**
 * Reads the customer that X-Customer-Id names, in plain UTF-8, or encoded as in RFC 8187 for clients that can
 * send only ASCII. A request with two such headers was refused before (head-fault.ts).
 */
export const readCustomerIdHeader = (headers: IncomingHttpHeaders): CustomerIdHeader => {
  const sent = headers['x-customer-id'];
  if (sent === undefined) return { type: 'absent' };
  if (sent === '') return { type: 'empty' };
  const text = textOf(typeof sent === 'string' ? sent : sent.join(', '));
  const customerId = text === undefined ? undefined : parseCustomerId(text);
  return customerId === undefined
    ? { type: 'malformed', problem: badCustomerId }
    : { type: 'named', customerId };
};

const encoded = /^utf-8'[a-z0-9-]*'([!-~]*)$/i;

/** Node decodes header bytes as latin1, whatever their encoding. */
const textOf = (header: string): string | undefined => {
  if (/^[uU][tT][fF]-8'/.test(header)) return decoded(encoded.exec(header)?.[1]);
  if (/^[\x20-\x7e]*$/.test(header)) return header;
  const bytes = Buffer.from(header, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
};

const decoded = (percentEncoded: string | undefined): string | undefined => {
  if (percentEncoded === undefined) return undefined;
  try {
    return decodeURIComponent(percentEncoded);
  } catch {
    return undefined;
  }
};

const rule = `1 to ${limits.customerIdBytes} bytes of UTF-8, plain or as UTF-8''<percent-encoded>`;

const about = (detail: string, finding: string): Problem => ({
  ...invalidRequest([]),
  detail,
  errors: [{ pointer: 'X-Customer-Id', detail: finding }],
});

const badCustomerId = about(`X-Customer-Id has to be ${rule}.`, `must be ${rule}`);

/** For services only: the empty header of a customer is treated as absent. */
export const namesNobody = about(
  'X-Customer-Id is empty. Name the customer you act for, or leave the header out to act for nobody.',
  'must not be empty for a service',
);
