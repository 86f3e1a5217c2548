import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { parseCustomerId } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import type { Identification, Identity } from './identity.ts';
import { invalidRequest, type Problem } from './problem.ts';

/** Believes what the headers say. For one's own machine only: main refuses it on any other address. */
export const localIdentity: Identity = {
  securitySchemes: {
    customer: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Customer-Id',
      description: 'Who reserves; 1 to 128 bytes UTF-8.',
    },
    admin: { type: 'apiKey', in: 'header', name: 'X-Admin', description: '"true" for an administrator.' },
  },
  identify: (headers) => identify(headers),
};

const identify = (headers: IncomingHttpHeaders): Identification => {
  const isAdmin = headers['x-admin'] === 'true';
  const sent = headers['x-customer-id'];
  if (sent === undefined || sent === '')
    return isAdmin
      ? { type: 'identified', caller: { isAdmin } }
      : { type: 'refused', problem: unauthenticated };
  const text = utf8Of(typeof sent === 'string' ? sent : sent.join(', '));
  const customerId = text === undefined ? undefined : parseCustomerId(text);
  return customerId === undefined
    ? { type: 'refused', problem: badCustomerId }
    : { type: 'identified', caller: { customerId, isAdmin } };
};

/** Node hands header bytes over as latin1, whatever they were. */
const utf8Of = (header: string): string | undefined => {
  if (/^[\x20-\x7e]*$/.test(header)) return header;
  const bytes = Buffer.from(header, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
};

const unauthenticated: Problem = {
  code: 'unauthenticated',
  detail: 'Send X-Customer-Id to say which customer you are, or X-Admin: true.',
};

const badCustomerId: Problem = {
  ...invalidRequest([]),
  detail: `X-Customer-Id has to be 1 to ${limits.customerIdBytes} bytes of UTF-8.`,
  errors: [{ pointer: 'X-Customer-Id', detail: `must be 1 to ${limits.customerIdBytes} bytes of UTF-8` }],
};
