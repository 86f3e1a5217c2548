import { bytesIn, numberIn, textIn } from '../database/columns.ts';
import { serverErrorOf } from '../database/database-error.ts';
import { loadSql } from '../database/load-sql.ts';
import type { Session } from '../database/session.ts';
import type { MigrationFile } from './migration-files.ts';

const listMigrations = loadSql('setup/list-migrations');
const NO_SUCH_TABLE = 1146;

export interface AppliedStep {
  readonly file: string;
  /** From 1. */
  readonly statement: number;
  readonly checksum: string;
  /** False when it was begun and may or may not have been carried out. */
  readonly done: boolean;
}

/** Empty also for a database that was never migrated. */
export const appliedSteps = async (session: Session): Promise<readonly AppliedStep[]> => {
  try {
    const rows = await session.rows(listMigrations);
    return rows.map((row) => ({
      file: textIn(row, 'file'),
      statement: numberIn(row, 'statement'),
      checksum: bytesIn(row, 'checksum').toString('hex'),
      done: numberIn(row, 'done') === 1,
    }));
  } catch (error) {
    if (serverErrorOf(error)?.errno === NO_SUCH_TABLE) return [];
    throw error;
  }
};

/**
 * Throws when a file was changed after it was applied: two databases with the same migrations would differ.
 */
export const refuseChanged = (files: readonly MigrationFile[], steps: readonly AppliedStep[]): void => {
  for (const { name, checksum } of files) {
    const applied = steps.find(({ file }) => file === name);
    if (applied && applied.checksum !== checksum)
      throw new Error(
        `migration ${name} is not the file that was applied to this database (${checksum.slice(0, 12)} now, ` +
          `${applied.checksum.slice(0, 12)} then): restore it and put the change into a new migration`,
      );
  }
};

export interface MigrationStep {
  readonly file: MigrationFile;
  /** From 1. */
  readonly number: number;
  readonly sql: string;
  /** It was begun before; the process ended before it could note the outcome. */
  readonly begun: boolean;
}

/**
 * The statements that are left to run, in order. Steps of files that this build does not know belong to a
 * newer build and are ignored.
 */
export const stepsLeft = (
  files: readonly MigrationFile[],
  steps: readonly AppliedStep[],
): readonly MigrationStep[] =>
  files.flatMap((file) =>
    file.statements.flatMap((sql, index) => {
      const step = steps.find((done) => done.file === file.name && done.statement === index + 1);
      return step?.done ? [] : [{ file, number: index + 1, sql, begun: step !== undefined }];
    }),
  );
