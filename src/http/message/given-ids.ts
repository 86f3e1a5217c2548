import Type from 'typebox';
import { parseReservationId, parseShowId, type ReservationId, type ShowId } from '../../domain/ids.ts';
import { patterns } from './fields.ts';

/**
 * Ids as clients give them: in either case, as RFC 9562 §4 wants it (Swift writes capitals). Inside there is one text for an
 * id, in lower case: logs, tables, keys and the tags of owners compare it letter by letter.
 */
export const parseGivenShowId = (text: string): ShowId | undefined => parseShowId(text.toLowerCase());

export const parseGivenReservationId = (text: string): ReservationId | undefined =>
  parseReservationId(text.toLowerCase());

/** Of a field that its schema has judged; anything else is a bug. */
export const validShowId = (text: string): ShowId => {
  const id = parseGivenShowId(text);
  if (id === undefined) throw new Error('a field without a schema was taken for a show id');
  return id;
};

/** What a client sends is not yet an id of ours: whoever takes it parses it. */
export const givenShowIdField = Type.String({ pattern: patterns.givenUuid });
