import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseServer } from '../database/database-server.ts';
import { openSession } from '../database/session.ts';
import { readStandings } from '../pair/standings.ts';
import { clusterOf } from '../setup/inspect-sessions.ts';
import { newReplicaSampler, replicaLimits } from './open-session.ts';
import { newReplicaProof, type ReplicaProof, strangerText } from './proof.ts';

/** How a replica relates to the server that it should follow. */
export interface ReplicaInspection {
  readonly server: DatabaseServer;
  readonly isPrimary: boolean;
  /** Both are nodes of one Galera cluster, all of which take writes. */
  readonly isOneCluster: boolean;
  /**
   * After this time (ms) the replica was proven to have what the primary had at the beginning; absent if that
   * was not proven in time, or cannot be.
   */
  readonly lagMs?: number;
  /** Why the replica cannot be used for reads. */
  readonly fault?: string;
}

const pauseMs = 20;

/**
 * Samples both servers until the replica has what the primary had at the beginning, for at most the permitted
 * lag.
 */
export const inspectReplica = async (
  urls: { readonly primary: string; readonly replica: string },
  lagMsMax: number,
): Promise<ReplicaInspection> => {
  const primary = await openSession(urls.primary, replicaLimits);
  try {
    const replica = await openSession(urls.replica, replicaLimits);
    try {
      const isPrimary = replica.server.id === primary.server.id;
      const cluster = await clusterOf(replica);
      const isOneCluster = cluster !== undefined && cluster === (await clusterOf(primary));
      const look = newReplicaSampler();
      const sides = { primary: () => readStandings(primary), replica: () => look(replica) };
      return { server: replica.server, isPrimary, isOneCluster, ...(await measureLag(sides, lagMsMax)) };
    } finally {
      replica.destroy();
    }
  } finally {
    primary.destroy();
  }
};

interface Sides {
  readonly primary: () => ReturnType<typeof readStandings>;
  readonly replica: () => ReturnType<typeof readStandings>;
}

const measureLag = async (
  sides: Sides,
  lagMsMax: number,
): Promise<Pick<ReplicaInspection, 'lagMs' | 'fault'>> => {
  const proof: ReplicaProof = newReplicaProof(lagMsMax);
  const beganMs = performance.now();
  proof.addPrimary({ ...(await sides.primary()), askedAtMs: beganMs });
  for (;;) {
    const finding = proof.judgeReplica(await sides.replica());
    const tookMs = performance.now() - beganMs;
    if (finding.type === 'stranger') return { fault: strangerText(finding.why) };
    if (finding.type === 'proven') return { lagMs: Math.ceil(tookMs) };
    if (tookMs > lagMsMax) return {};
    await pause(pauseMs);
  }
};
