import type { Pool, PoolConnection } from 'mysql2/promise';

/** Commits if `work` resolves to true; rolls back if it resolves to false or throws. */
export const inTransaction = async (
  database: Pool,
  work: (connection: PoolConnection) => Promise<boolean>,
): Promise<boolean> => {
  const connection = await database.getConnection();
  try {
    await connection.beginTransaction();
    const done = await work(connection);
    await (done ? connection.commit() : connection.rollback());
    return done;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
};
