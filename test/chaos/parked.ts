import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Check } from './report.ts';

const text = `SELECT partition_id, CONCAT(stream_ms, '-', stream_seq) AS at, LOWER(HEX(request_id)) AS request,
  reason, CONVERT(raw USING utf8mb4) AS raw FROM parked ORDER BY partition_id, stream_ms, stream_seq`;

const shown = 3;

/** Every request came by HTTP, so no entry may be parked as undecidable. */
export const nothingParked = async (databaseUrl: string): Promise<Check> => {
  const connection = await createConnection(databaseUrl);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(text);
    const reasons = rows
      .slice(0, shown)
      .map((row) => `${row['partition_id']}/${row['at']} ${row['request']}: ${row['reason']} ${row['raw']}`);
    return {
      what: `nothing was parked${rows.length === 0 ? '' : `: ${rows.length} were, ${reasons.join(' | ')}`}`,
      verdict: rows.length === 0 ? 'kept' : 'broken',
    };
  } finally {
    await connection.end();
  }
};
