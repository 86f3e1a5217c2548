import { audit as auditSource } from '../../src/audit/audit.ts';
import type { AuditReport, AuditSource, Invariant } from '../../src/audit/contract.ts';
import { openAuditSource } from '../../src/cli/verify/audit-source.ts';
import { parseRequestId, type RequestId, type ShowId } from '../../src/domain/ids.ts';
import { newLogger } from '../../src/telemetry/logger.ts';

/**
 * What an audit of real servers found, in the terms of tests. Every list of faults is empty if promises were
 * kept.
 */
export interface Audit {
  readonly decisions: number;
  readonly parked: number;
  readonly confirmedByShow: ReadonlyMap<ShowId, number>;
  readonly faults: Readonly<Record<Invariant, readonly string[]>>;
}

export interface AuditTarget {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  /** Ids that were given to clients. */
  readonly accepted?: Iterable<string>;
}

export const audit = async ({ redisUrl, databaseUrl, accepted = [] }: AuditTarget): Promise<Audit> => {
  const logger = newLogger({ level: 'silent', roles: ['test'] });
  const { source, close } = await openAuditSource({ redisUrl, databaseUrl, logger });
  try {
    const operations = [...accepted].map((id) => ({ requestId: newRequestId(id), end: 'ok' as const }));
    const report = await auditSource(source, operations);
    const { decisions, parked } = report.looked;
    return {
      decisions,
      parked,
      confirmedByShow: await confirmedByShow(source),
      faults: faultsOf(report),
    };
  } finally {
    await close();
  }
};

const newRequestId = (text: string): RequestId => {
  const id = parseRequestId(text);
  if (!id) throw new Error(`not a request id: ${text}`);
  return id;
};

const faultsOf = ({ findings }: AuditReport): Audit['faults'] => {
  const of = (invariant: Invariant): readonly string[] =>
    findings[invariant].named.map(({ about, what }) => `${about}: ${what}`);
  return {
    oversold: of('oversold'),
    lost: of('lost'),
    undersold: of('undersold'),
    'over-limit': of('over-limit'),
    untimely: of('untimely'),
    'out-of-order': of('out-of-order'),
    duplicated: of('duplicated'),
    disagreeing: of('disagreeing'),
    unfenced: of('unfenced'),
  };
};

const confirmedByShow = async (source: AuditSource): Promise<ReadonlyMap<ShowId, number>> => {
  const confirmed = new Map<ShowId, number>();
  for (const { partition } of await source.partitions())
    for (const { showId, pools } of await source.ledgers(partition))
      confirmed.set(
        showId,
        pools.reduce((sum, pool) => sum + pool.confirmed, 0),
      );
  return confirmed;
};
