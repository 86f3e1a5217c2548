import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type {
  CancellationRequested,
  ConfirmationRequested,
  ExtensionRequested,
  FollowUp,
  FollowUpRequested,
} from '../../domain/requests.ts';
import { fault, faultIn, keyOf, keyOnWire, keyType, type RequestReading } from './request-reading.ts';
import { linesOf, linesOnWire, linesType } from './reservation-wire.ts';
import {
  closed,
  customerIdType,
  referenceType,
  requestIdType,
  reservationIdType,
  wordType,
} from './wire-types.ts';

const shared = {
  id: requestIdType,
  of: reservationIdType,
  by: Type.Optional(customerIdType),
  as: wordType({ customer: true, service: true, admin: true }),
  key: Type.Optional(keyType),
};

const sharedType = Type.Object(shared);
export const confirmType = Type.Object(
  { t: Type.Literal('confirm'), ...shared, ref: Type.Optional(referenceType) },
  closed,
);
export const extendType = Type.Object({ t: Type.Literal('extend'), ...shared }, closed);
export const cancelType = Type.Object(
  { t: Type.Literal('cancel'), ...shared, lines: Type.Optional(linesType) },
  closed,
);

const confirmCheck = Compile(confirmType);
const extendCheck = Compile(extendType);
const cancelCheck = Compile(cancelType);

type SharedWire = Type.Static<typeof sharedType>;
type FollowUpWire = Type.Static<typeof confirmType | typeof extendType | typeof cancelType>;

export const followUpOnWire = (request: FollowUpRequested): FollowUpWire => {
  switch (request.type) {
    case 'ConfirmationRequested': {
      const { reference } = request;
      return {
        t: 'confirm',
        ...sharedOnWire(request),
        ...(reference !== undefined && { ref: reference }),
      };
    }
    case 'ExtensionRequested':
      return { t: 'extend', ...sharedOnWire(request) };
    case 'CancellationRequested': {
      const { lines } = request;
      return { t: 'cancel', ...sharedOnWire(request), ...(lines && { lines: linesOnWire(lines) }) };
    }
  }
};

export const readConfirmation = (wire: unknown): RequestReading => {
  if (!confirmCheck.Check(wire)) return faultIn(confirmCheck, wire);
  const request: ConfirmationRequested = {
    type: 'ConfirmationRequested',
    ...sharedOf(wire),
    ...(wire.ref !== undefined && { reference: wire.ref }),
  };
  return named(request);
};

export const readExtension = (wire: unknown): RequestReading => {
  if (!extendCheck.Check(wire)) return faultIn(extendCheck, wire);
  const request: ExtensionRequested = { type: 'ExtensionRequested', ...sharedOf(wire) };
  return named(request);
};

export const readCancellation = (wire: unknown): RequestReading => {
  if (!cancelCheck.Check(wire)) return faultIn(cancelCheck, wire);
  const request: CancellationRequested = {
    type: 'CancellationRequested',
    ...sharedOf(wire),
    ...(wire.lines && { lines: linesOf(wire.lines) }),
  };
  return named(request);
};

/** Only an actor that may change every reservation may leave out the customer. */
const named = (request: FollowUpRequested): RequestReading =>
  request.actor === 'customer' && request.customerId === undefined
    ? fault('a customer asks without a name')
    : { type: 'request', request };

const sharedOnWire = (request: FollowUp): SharedWire => ({
  id: request.requestId,
  of: request.reservationId,
  ...(request.customerId !== undefined && { by: request.customerId }),
  as: request.actor,
  ...keyOnWire(request.key),
});

const sharedOf = (wire: SharedWire): FollowUp => ({
  requestId: wire.id,
  reservationId: wire.of,
  ...(wire.by !== undefined && { customerId: wire.by }),
  actor: wire.as,
  ...keyOf(wire.key),
});
