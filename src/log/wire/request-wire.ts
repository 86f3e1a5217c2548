import type { RequestEvent } from '../../domain/requests.ts';
import { followUpOnWire, readCancellation, readConfirmation, readExtension } from './follow-up-wire.ts';
import { fault, type RequestReading } from './request-reading.ts';
import { readReservation, reservationOnWire } from './reservation-wire.ts';
import {
  changeOnWire,
  isOfOneRevision,
  openingOnWire,
  readChange,
  readChangeAmong,
  readOpening,
} from './show-wire.ts';
import { carriesTrace, traceOnWire, withoutTrace, withTrace } from './trace-wire.ts';

/**
 * The field `r`: a JSON object. Its `t` is the kind of the request, its `id` the request's id. Version 1 is
 *
 *   {"t":"reserve","id":<reservation>,"show":<show>,"by":<customer>,"lines":[[<pool>,<quantity>],…],"ref"?:<text>}
 *   {"t":"open","id":<show>,"name":<text>,"pools":[[<pool>,<name>,<capacity>],…],"rules":{…}}
 *   {"t":"change","id":<request>,"show":<show>,"rev":<revision>,"name"?:<text>,
 *    "pools"?:[[<pool>,<name or null>,<capacity or null>],…],"rules"?:{<rule>:<value or null>,…},"force"?:true}
 *   {"t":"confirm","id":<request>,"of":<reservation>,"by"?:<customer>,"as":<actor>,"ref"?:<text>}
 *   {"t":"extend","id":<request>,"of":<reservation>,"by"?:<customer>,"as":<actor>}
 *   {"t":"cancel","id":<request>,"of":<reservation>,"by"?:<customer>,"as":<actor>,"lines"?:[[<pool>,<quantity>],…]}
 *
 * each with "key"?:[<hash>,<fingerprint>], and, where its trace is kept, "traceparent" and "tracestate" of W3C Trace
 * Context. Those two never make a request invalid: a value that cannot be read is ignored. Version 2 differs
 * in one point: its change has "revs"?:[<revision>,…] instead of "rev", and applies to any revision when that is
 * absent.
 */
export const toWire = (request: RequestEvent): object =>
  request.trace ? { ...requestOnWire(request), ...traceOnWire(request.trace) } : requestOnWire(request);

const requestOnWire = (request: RequestEvent): object => {
  switch (request.type) {
    case 'ReservationRequested':
      return reservationOnWire(request);
    case 'ShowOpeningRequested':
      return openingOnWire(request);
    case 'ShowChangeRequested':
      return changeOnWire(request);
    case 'ConfirmationRequested':
    case 'ExtensionRequested':
    case 'CancellationRequested':
      return followUpOnWire(request);
  }
};

export type WireVersion = 1 | 2;

/**
 * The version in which a request is written: the older one whenever it can express the request, so that no
 * reader has to wait for an upgrade.
 */
export const wireVersionOf = (request: RequestEvent): WireVersion =>
  request.type === 'ShowChangeRequested' && !isOfOneRevision(request) ? 2 : 1;

type Readers = ReadonlyMap<unknown, (wire: unknown) => RequestReading>;

const readersOf1: Readers = new Map([
  ['reserve', readReservation],
  ['open', readOpening],
  ['change', readChange],
  ['confirm', readConfirmation],
  ['extend', readExtension],
  ['cancel', readCancellation],
]);

const readers: Readonly<Record<WireVersion, Readers>> = {
  1: readersOf1,
  2: new Map([...readersOf1, ['change', readChangeAmong]]),
};

export const fromWire = (wire: unknown, version: WireVersion): RequestReading => {
  if (typeof wire !== 'object' || wire === null || !('t' in wire))
    return fault('it is not an object with a field t');
  const read = readers[version].get(wire.t);
  if (!read) return fault('its field t names no request');
  return carriesTrace(wire) ? withTrace(read(withoutTrace(wire)), wire) : read(wire);
};
