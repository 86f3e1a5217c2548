import { loadSql } from '../database/load-sql.ts';
import { journalElement } from '../rows/journal-row.ts';
import type { Insertion } from './prepared-inserts.ts';
import type { DecidedPart } from './write-rows.ts';

export const insertJournal: Insertion<DecidedPart> = {
  sql: loadSql('write/insert-journal'),
  knowingKey: 'journal_request',
  elements: ({ entries }) => entries.map(journalElement),
};
