import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '../problems/problem.ts';
import { namesNobody, readCustomerIdHeader } from './customer-id-header.ts';
import type { Identification, Identity } from './identity.ts';

/**
 * Trusts the headers. Only for a developer's own machine: main refuses to start with it on any other address.
 */
export const localIdentity: Identity = {
  securitySchemes: {
    customer: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Customer-Id',
      description: "Who reserves; 1 to 128 bytes UTF-8, or UTF-8''<percent-encoded> (RFC 8187).",
    },
    service: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Service',
      description: '"true" for a service; it acts for the customer in X-Customer-Id.',
    },
    admin: { type: 'apiKey', in: 'header', name: 'X-Admin', description: '"true" for an administrator.' },
  },
  identify: (headers) => identify(headers),
};

const identify = (headers: IncomingHttpHeaders): Identification => {
  const isAdmin = headers['x-admin'] === 'true';
  const isService = headers['x-service'] === 'true';
  const named = readCustomerIdHeader(headers);
  if (named.type === 'empty' && isService) return { type: 'refused', problem: namesNobody };
  switch (named.type) {
    case 'malformed':
      return { type: 'refused', problem: named.problem };
    case 'named':
      return { type: 'identified', caller: { customerId: named.customerId, isAdmin, isService } };
    case 'empty':
    case 'absent':
      return isAdmin || isService
        ? { type: 'identified', caller: { isAdmin, isService } }
        : { type: 'refused', problem: unauthenticated };
  }
};

const unauthenticated: Problem = {
  code: 'unauthenticated',
  detail: 'Send X-Customer-Id to say which customer you are, or X-Admin: true.',
};
