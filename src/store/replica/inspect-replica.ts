import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseServer } from '../database/database-server.ts';
import { openSession } from '../database/session.ts';
import { readStandings } from '../pair/standings.ts';
import { clusterOf } from '../setup/inspect-sessions.ts';
import { newReplicaLook, replicaLimits } from './open-session.ts';
import { newReplicaProof, type ReplicaProof, strangerText } from './proof.ts';

/** What a replica is to the server that it is said to follow. */
export interface ReplicaLook {
  readonly server: DatabaseServer;
  readonly isPrimary: boolean;
  /** Both are nodes of one Galera cluster, all of which take writes. */
  readonly isOneCluster: boolean;
  /** What it had for certain so long ago, ms; absent where it was not found out within the time, or never will be. */
  readonly behindMs?: number;
  /** Why it cannot be read. */
  readonly fault?: string;
}

const pauseMs = 20;

/** Looks at both until the replica has what the primary had at the beginning, for as long as it may be behind. */
export const lookAtReplica = async (
  urls: { readonly primary: string; readonly replica: string },
  lagMsMax: number,
): Promise<ReplicaLook> => {
  const primary = await openSession(urls.primary, replicaLimits);
  try {
    const replica = await openSession(urls.replica, replicaLimits);
    try {
      const isPrimary = replica.server.id === primary.server.id;
      const cluster = await clusterOf(replica);
      const isOneCluster = cluster !== undefined && cluster === (await clusterOf(primary));
      const look = newReplicaLook();
      const sides = { primary: () => readStandings(primary), replica: () => look(replica) };
      return { server: replica.server, isPrimary, isOneCluster, ...(await behind(sides, lagMsMax)) };
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

const behind = async (sides: Sides, lagMsMax: number): Promise<Pick<ReplicaLook, 'behindMs' | 'fault'>> => {
  const proof: ReplicaProof = newReplicaProof(lagMsMax);
  const beganMs = performance.now();
  proof.primarySaid({ ...(await sides.primary()), askedAtMs: beganMs });
  for (;;) {
    const finding = proof.replicaSaid(await sides.replica());
    const tookMs = performance.now() - beganMs;
    if (finding.type === 'stranger') return { fault: strangerText(finding.why) };
    if (finding.type === 'proven') return { behindMs: Math.ceil(tookMs) };
    if (tookMs > lagMsMax) return {};
    await pause(pauseMs);
  }
};
