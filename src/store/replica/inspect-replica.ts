import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseServer } from '../database/database-server.ts';
import { openSession } from '../database/session.ts';
import { readStandings } from '../pair/standings.ts';
import { clusterOf } from '../setup/inspect-sessions.ts';
import { newReplicaSampler, replicaLimits } from './open-session.ts';
import { newReplicaProof, type ReplicaProof, strangerText } from './proof.ts';

/** What a replica is to the server that it is said to follow. */
export interface ReplicaInspection {
  readonly server: DatabaseServer;
  readonly isPrimary: boolean;
  /** Both are nodes of one Galera cluster, all of which take writes. */
  readonly isOneCluster: boolean;
  /** What it had for certain so long ago, ms; absent where it was not found out within the time, or never will be. */
  readonly lagMs?: number;
  /** Why it cannot be read. */
  readonly fault?: string;
}

const pauseMs = 20;

/** Samples both until the replica has what the primary had at the beginning, for as long as it may lag. */
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
