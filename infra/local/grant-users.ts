import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { paths } from './paths.ts';

/** Gives the users of infra/mysql/users.sql the same rights in another database of the server. */
export const grantUsers = async (adminUrl: string, database: string): Promise<void> => {
  const connection = await createConnection({ uri: adminUrl, multipleStatements: true });
  try {
    await connection.query(
      readFileSync(paths.mariadbUsers, 'utf8').replaceAll(' ON onsale.', ` ON ${database}.`),
    );
  } finally {
    await connection.end();
  }
};
