import type { ReplicaInspection } from '../../store/replica/inspect-replica.ts';
import { type Line, lineOf, type Want } from './line.ts';

const side: Want<ReplicaInspection> = {
  name: 'read-replica',
  wanted: 'another server than the primary, that takes no writes',
  why: 'reading from the primary saves nothing, and a server that takes writes does not stay equal to it',
  cure: 'correct DATABASE_READ_URL, or set read_only=1 on that server',
  found: ({ server, isPrimary, isOneCluster }) => {
    if (isPrimary) return `the primary: ${server.name}`;
    return `${server.name}, ${isOneCluster ? 'of the same cluster' : `read_only ${server.isReadOnly ? 'ON' : 'OFF'}`}`;
  },
  holds: ({ server, isPrimary, isOneCluster }) => !isPrimary && (server.isReadOnly || isOneCluster),
};

const lag = (lagMsMax: number): Want<ReplicaInspection> => ({
  name: 'read-replica-lag',
  wanted: `at most ${lagMsMax} ms (ONSALE_READ_LAG_MS_MAX)`,
  why: 'the primary answers while the replica lags, or may lag, by more',
  cure: 'check whether it applies what it receives: docs/operating/read-replica.md',
  found: ({ lagMs, fault }) =>
    fault ?? (lagMs === undefined ? `more than ${lagMsMax} ms` : `at most ${lagMs} ms`),
  holds: ({ lagMs, fault }) => fault === undefined && lagMs !== undefined,
});

/** A failed query is reported in place of the value. */
export const judgeReplica = (
  look: ReplicaInspection | Error | undefined,
  lagMsMax: number,
): readonly Line[] =>
  [side, lag(lagMsMax)].map((want) =>
    look instanceof Error
      ? { ...lineOf(want, undefined), found: look.message, verdict: 'unmet' }
      : lineOf(want, look),
  );
