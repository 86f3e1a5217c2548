import Type from 'typebox';
import { parseReservationId, parseShowId, type ReservationId, type ShowId } from '../../domain/ids.ts';
import { patterns } from './fields.ts';

/**
 * Parses ids that clients send, in upper or lower case, as RFC 9562 §4 requires (Swift writes upper case).
 * Inside the service an id is always in lower case, because logs, tables, keys and owners' tags compare it as
 * text.
 */
export const parseGivenShowId = (text: string): ShowId | undefined => parseShowId(text.toLowerCase());

export const parseGivenReservationId = (text: string): ReservationId | undefined =>
  parseReservationId(text.toLowerCase());

/** For a field that its schema has validated; anything else is a bug. */
export const validShowId = (text: string): ShowId => {
  const id = parseGivenShowId(text);
  if (id === undefined) throw new Error('a field without a schema was taken for a show id');
  return id;
};

/** A string that a client sends as an id. It is not branded, so the code that uses it must parse it. */
export const givenShowIdField = Type.String({ pattern: patterns.givenUuid });
