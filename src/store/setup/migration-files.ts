import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface MigrationFile {
  readonly name: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** dist/migrations in the package, infra/migrations in a checkout. */
const folders = ['../../migrations/', '../../../infra/migrations/'];

const BREAK = '--> statement-breakpoint';

export const migrationsDir = (): string => {
  const dirs = folders.map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
  const found = dirs.find((dir) => existsSync(dir));
  if (found === undefined) throw new Error(`no migrations are at ${dirs.join(' or ')}: build again`);
  return found;
};

/** In the order of their numbers, which is also the order of their names. */
export const readMigrations = (dir: string): readonly MigrationFile[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(dir, name), 'utf8');
      return {
        name,
        checksum: createHash('sha256').update(text).digest('hex'),
        statements: text
          .split(BREAK)
          .map((statement) => statement.trim())
          .filter((statement) => statement !== ''),
      };
    });
