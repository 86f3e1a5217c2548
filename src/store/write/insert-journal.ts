import { loadSql } from '../database/load-sql.ts';
import { journalValues } from '../rows/journal-row.ts';
import type { Insertion } from './prepared-inserts.ts';
import type { PartitionDecisions } from './write-rows.ts';

export const insertJournal: Insertion<PartitionDecisions> = {
  sql: loadSql('write/insert-journal'),
  duplicateKey: 'journal_request',
  values: ({ entries }) => entries.map(journalValues),
};
