import type { Pool, PoolConnection } from 'mysql2/promise';

/** Commits when `work` answers true, rolls back when it answers false or throws. */
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
