import type { Clock } from '../../src/domain/ports.ts';
import type { Leases, Member, Members } from '../../src/lease/contract.ts';
import { deadlineOf } from '../../src/lease/lease-server.ts';
import { inTime } from '../../src/shared/in-time.ts';
import { newCalmWire, type Wire, WireCut } from './wire.ts';

/** Leases and members kept in memory, for virtual time. One server, any number of projectors. */
export interface MemoryLeaseServer {
  /** Over a wire without faults and by the server's monotonic clock, unless others are given. */
  leases(projectorId: string, wire?: Wire, clock?: Clock): Leases;
  members(wire?: Wire, clock?: Clock): Members;
  /** While unreachable, every method throws and no change is notified. */
  setReachable(reachable: boolean): void;
  /** Ends a lease as a server that lost its data would. */
  forget(partition: number): void;
  /** The projector that holds the lease. */
  holder(partition: number): string | undefined;
  /** The current token. */
  token(partition: number): string | undefined;
  snapshot(): LeaseSnapshot;
  /** May be called any number of times with the same snapshot. */
  restore(snapshot: LeaseSnapshot): void;
}

export interface MemoryLeaseOptions {
  /** The clock of those projectors that bring none of their own. */
  readonly clock: Clock;
  /** The server's own wall clock, by which leases and members expire; it may jump. Default: `clock`. */
  readonly nowMs?: () => number;
  readonly partitions: number;
  readonly ttlMs: number;
}

export interface LeaseSnapshot {
  readonly held: ReadonlyMap<number, HeldLease>;
  readonly seen: ReadonlyMap<string, DatedMember>;
}

interface HeldLease {
  readonly token: string;
  readonly endsMs: number;
}

interface DatedMember extends Member {
  readonly atMs: number;
}

interface Server {
  readonly nowMs: () => number;
  readonly partitions: number;
  readonly ttlMs: number;
  held: Map<number, HeldLease>;
  seen: Map<string, DatedMember>;
  reachable: boolean;
  readonly nudges: Set<() => void>;
}

const tokenOf = ({ held, nowMs }: Server, partition: number): string | undefined => {
  const lease = held.get(partition);
  return lease !== undefined && nowMs() < lease.endsMs ? lease.token : undefined;
};

const hold = (server: Server, partition: number, token: string): void => {
  server.held.set(partition, { token, endsMs: server.nowMs() + server.ttlMs });
};

const nudge = ({ nudges }: Server): void => {
  for (const each of [...nudges]) each();
};

type Call = <Answer>(what: string, effect: () => Answer) => Promise<Answer>;

/** Has the time limit of src/lease: a call that timed out may still be carried out later. */
const newAsk = (server: Server, wire: Wire, clock: Clock): Call => {
  const limitMs = Math.floor(server.ttlMs / 4);
  const limit = { limitMs, message: `Redis did not answer within ${limitMs} ms`, sleep: clock.sleep };
  const carried: Call = async (what, effect) => {
    if (!server.reachable) throw new WireCut(what, { sent: false });
    return await wire.ask(what, effect);
  };
  return (what, effect) => inTime(carried(what, effect), limit);
};

interface LeaseClient {
  readonly ask: Call;
  readonly clock: Clock;
  readonly newToken: () => string;
}

const newLeases = (server: Server, { ask, clock, newToken }: LeaseClient): Leases => ({
  acquire: newAcquire(server, { ask, clock, newToken }),
  renew: async ({ partition, token }) => {
    const sentAtMs = clock.monotonicMs();
    const renewed = await ask(`renew ${partition}`, () => {
      if (tokenOf(server, partition) !== token) return false;
      hold(server, partition, token);
      return true;
    });
    return renewed ? deadlineOf(sentAtMs, server.ttlMs) : undefined;
  },
  release: ({ partition, token }) =>
    ask(`release ${partition}`, () => {
      if (tokenOf(server, partition) !== token) return;
      server.held.delete(partition);
      nudge(server);
    }),
  free: (except) =>
    ask('free', () => {
      const all = Array.from({ length: server.partitions }, (_, partition) => partition);
      return all.filter((partition) => !except?.has(partition) && tokenOf(server, partition) === undefined);
    }),
});

/** Repeats a token whose answer was lost, as src/lease/redis-leases.ts does. */
const newAcquire = (server: Server, { ask, clock, newToken }: LeaseClient): Leases['acquire'] => {
  const unanswered = new Map<number, string>();
  return async (partition) => {
    const token = unanswered.get(partition) ?? newToken();
    unanswered.delete(partition);
    const sentAtMs = clock.monotonicMs();
    try {
      const granted = await ask(`acquire ${partition}`, () => acquire(server, partition, token));
      return granted
        ? { lease: { partition, token }, deadlineMs: deadlineOf(sentAtMs, server.ttlMs) }
        : undefined;
    } catch (error) {
      unanswered.set(partition, token);
      throw error;
    }
  };
};

const acquire = (server: Server, partition: number, token: string): boolean => {
  const current = tokenOf(server, partition);
  if (current !== undefined && current !== token) return false;
  hold(server, partition, token);
  return true;
};

const newMembers = (server: Server, wire: Wire, ask: Call): Members => ({
  heartbeat: ({ id, held }) =>
    ask(`heartbeat of ${id}`, () => {
      const nowMs = server.nowMs();
      server.seen.set(id, { id, held, atMs: nowMs });
      for (const [each, { atMs }] of server.seen)
        if (Math.abs(nowMs - atMs) > server.ttlMs) server.seen.delete(each);
      return [...server.seen.values()].map((member) => ({ id: member.id, held: member.held }));
    }),
  leave: (id) =>
    ask(`leave of ${id}`, () => {
      server.seen.delete(id);
      nudge(server);
    }),
  onChange: (listener) => {
    const deliver = (): void => {
      if (server.nudges.has(own)) listener();
    };
    const own = (): void => wire.tell('leases changed', deliver);
    server.nudges.add(own);
    return () => server.nudges.delete(own);
  },
});

export const newMemoryLeaseServer = (options: MemoryLeaseOptions): MemoryLeaseServer => {
  const { clock: sharedClock, nowMs = sharedClock.nowMs, partitions, ttlMs } = options;
  const server: Server = {
    ...{ nowMs, partitions, ttlMs },
    held: new Map(),
    seen: new Map(),
    reachable: true,
    nudges: new Set(),
  };
  // Never goes back, so that no token is used twice.
  let made = 0;
  const newToken = (id: string) => (): string => {
    made += 1;
    return `${id}:${made.toString(16).padStart(32, '0')}`;
  };
  return {
    leases: (id, wire = newCalmWire(), clock = sharedClock) =>
      newLeases(server, { ask: newAsk(server, wire, clock), clock, newToken: newToken(id) }),
    members: (wire = newCalmWire(), clock = sharedClock) =>
      newMembers(server, wire, newAsk(server, wire, clock)),
    setReachable: (reachable) => {
      server.reachable = reachable;
    },
    forget: (partition) => server.held.delete(partition),
    holder: (partition) => tokenOf(server, partition)?.split(':')[0],
    token: (partition) => tokenOf(server, partition),
    snapshot: () => ({ held: new Map(server.held), seen: new Map(server.seen) }),
    restore: ({ held, seen }) => {
      server.held = new Map(held);
      server.seen = new Map(seen);
    },
  };
};
