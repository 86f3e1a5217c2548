import { journalElement } from './journal-row.ts';
import type { Insertion } from './prepared-rows.ts';
import { sentence } from './sentence.ts';
import type { DecidedPart } from './write-rows.ts';

export const insertJournal: Insertion<DecidedPart> = {
  sql: sentence('insert-journal'),
  knowingKey: 'journal_request',
  elements: ({ entries }) => entries.map(journalElement),
};
