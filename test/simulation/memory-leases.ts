import type { Clock } from '../../src/domain/ports.ts';
import type { Leases, Member, Members } from '../../src/lease/contract.ts';

/** Leases and members kept in memory, for virtual time. One server, any number of projectors. */
export interface MemoryLeaseServer {
  leases(projectorId: string): Leases;
  members(): Members;
  /** While unreachable every method throws and nobody hears of changes. */
  setReachable(reachable: boolean): void;
  /** Ends a lease as a server does that lost its data. */
  forget(partition: number): void;
  holder(partition: number): string | undefined;
}

export interface MemoryLeaseOptions {
  readonly clock: Clock;
  readonly partitions: number;
  readonly ttlMs: number;
}

interface HeldLease {
  readonly token: string;
  readonly endsMs: number;
}

interface LeaseTable {
  current(partition: number): string | undefined;
  /** Returns when it ends. */
  set(partition: number, token: string): number;
  end(partition: number): void;
}

interface Wire {
  reachable: boolean;
  readonly listeners: Set<() => void>;
}

const newTable = ({ clock, ttlMs }: MemoryLeaseOptions): LeaseTable => {
  const held = new Map<number, HeldLease>();
  return {
    current: (partition) => {
      const lease = held.get(partition);
      return lease !== undefined && clock.monotonicMs() < lease.endsMs ? lease.token : undefined;
    },
    set: (partition, token) => {
      const endsMs = clock.monotonicMs() + ttlMs;
      held.set(partition, { token, endsMs });
      return endsMs;
    },
    end: (partition) => held.delete(partition),
  };
};

const ask = async (wire: Wire): Promise<void> => {
  // A reply never comes in the turn of its question.
  await Promise.resolve();
  if (!wire.reachable) throw new Error('the lease server cannot be reached');
};

const nudge = ({ listeners }: Wire): void => {
  for (const listener of [...listeners]) listener();
};

const newLeases = (table: LeaseTable, wire: Wire, partitions: number, newToken: () => string): Leases => ({
  acquire: async (partition) => {
    await ask(wire);
    if (table.current(partition) !== undefined) return undefined;
    const token = newToken();
    return { lease: { partition, token }, deadlineMs: table.set(partition, token) };
  },
  renew: async ({ partition, token }) => {
    await ask(wire);
    return table.current(partition) === token ? table.set(partition, token) : undefined;
  },
  release: async ({ partition, token }) => {
    await ask(wire);
    if (table.current(partition) !== token) return;
    table.end(partition);
    nudge(wire);
  },
  free: async () => {
    await ask(wire);
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    return all.filter((partition) => table.current(partition) === undefined);
  },
});

const newMembers = ({ clock, ttlMs }: MemoryLeaseOptions, wire: Wire): Members => {
  const seen = new Map<string, Member & { readonly atMs: number }>();
  return {
    heartbeat: async ({ id, held }) => {
      await ask(wire);
      const nowMs = clock.monotonicMs();
      seen.set(id, { id, held, atMs: nowMs });
      for (const [each, { atMs }] of seen) if (nowMs - atMs > ttlMs) seen.delete(each);
      return [...seen.values()].map((member) => ({ id: member.id, held: member.held }));
    },
    leave: async (id) => {
      await ask(wire);
      seen.delete(id);
      nudge(wire);
    },
    onChange: (listener) => {
      const own = (): void => listener();
      wire.listeners.add(own);
      return () => wire.listeners.delete(own);
    },
  };
};

export const newMemoryLeaseServer = (options: MemoryLeaseOptions): MemoryLeaseServer => {
  const wire: Wire = { reachable: true, listeners: new Set() };
  const table = newTable(options);
  const members = newMembers(options, wire);
  let made = 0;
  const newToken = (id: string) => (): string => {
    made += 1;
    return `${id}:${made.toString(16).padStart(32, '0')}`;
  };
  return {
    leases: (id) => newLeases(table, wire, options.partitions, newToken(id)),
    members: () => members,
    setReachable: (reachable) => {
      wire.reachable = reachable;
    },
    forget: table.end,
    holder: (partition) => table.current(partition)?.split(':')[0],
  };
};
