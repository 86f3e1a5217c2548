import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Onsale, type OnsaleOptions, type Role, startOnsale } from '../support/onsale.ts';

export type Kind = 'api' | 'projector';

/** A slot for a process; the process in it changes. */
interface Slot {
  readonly kind: Kind;
  process: Onsale | undefined;
  /** Ended by the drill; not to be started again. */
  retired: boolean;
  /** Settles when the slot has a process again. */
  filling: Promise<void>;
}

export interface Fleet {
  /** Addresses where API processes listen or last listened: a balancer does not notice a death at once. */
  readonly apis: () => readonly string[];
  readonly members: (kind: Kind) => readonly Onsale[];
  /** kill -9; a supervisor starts another process in its slot. */
  readonly kill: (member: Onsale) => Promise<void>;
  /** Starts projectors, or stops them with SIGTERM, until there are this many. */
  readonly scale: (projectors: number) => Promise<void>;
  /** Resolves when every slot has a process. */
  readonly whole: () => Promise<void>;
  /** Processes that ended by themselves, with the end of their log. */
  readonly fellOver: readonly string[];
  /** Failed starts that were retried, with their output. */
  readonly failedStarts: readonly string[];
  readonly stop: () => Promise<void>;
}

export interface FleetOptions extends Omit<OnsaleOptions, 'roles'> {
  readonly apis: number;
  readonly projectors: number;
}

const rolesOf: Readonly<Record<Kind, readonly Role[]>> = {
  api: ['command', 'query'],
  projector: ['projector'],
};
const startsMax = 10;
const tailLines = 5;

/** Processes as they are shipped, under a supervisor. */
export const startFleet = async ({ apis, projectors, ...options }: FleetOptions): Promise<Fleet> => {
  const slots: Slot[] = [];
  const fellOver: string[] = [];
  const failedStarts: string[] = [];
  let stopping = false;

  const fill = async (slot: Slot): Promise<void> => {
    for (let tried = 1; !slot.retired && !stopping; tried += 1) {
      try {
        slot.process = await startOnsale({ roles: rolesOf[slot.kind], ...options });
        void watch(slot, slot.process);
        return;
      } catch (error) {
        if (tried === startsMax) throw error;
        failedStarts.push(String(error));
      }
    }
  };
  const watch = async (slot: Slot, process: Onsale): Promise<void> => {
    await process.exited;
    if (stopping || slot.retired) return;
    if (!killed.has(process))
      fellOver.push(`${slot.kind} ${process.pid}:\n${process.log.slice(-tailLines).join('\n')}`);
    slot.filling = fill(slot);
    // Notifies those who wait for a complete fleet.
    slot.filling.catch(() => undefined);
  };
  const killed = new WeakSet<Onsale>();
  const add = (kind: Kind): Slot => {
    const slot: Slot = { kind, process: undefined, retired: false, filling: Promise.resolve() };
    slot.filling = fill(slot);
    slots.push(slot);
    return slot;
  };
  const active = (kind: Kind): readonly Slot[] => slots.filter((slot) => slot.kind === kind && !slot.retired);
  const membersOf = (kind: Kind): readonly Onsale[] => active(kind).flatMap(({ process }) => process ?? []);
  const retire = async (slot: Slot): Promise<void> => {
    slot.retired = true;
    await slot.filling.catch(() => undefined);
    slot.process?.signal('SIGCONT');
    await slot.process?.stop();
  };
  const whole = async (): Promise<void> => {
    const places = slots.filter(({ retired }) => !retired);
    const isWhole = (): boolean => places.every(({ process }) => process && !process.hasExited());
    await waitUntil(() => isWhole() || stopping, { limitMs: 30_000 });
    await Promise.all(places.map(({ filling }) => filling));
  };
  const fleet: Fleet = {
    apis: () => membersOf('api').map(({ url }) => url),
    members: membersOf,
    kill: async (member) => {
      killed.add(member);
      await member.kill();
    },
    scale: async (wanted) => {
      const now = active('projector');
      for (let n = now.length; n < wanted; n += 1) add('projector');
      await Promise.all(now.slice(wanted).map(retire));
      await whole();
    },
    whole,
    fellOver,
    failedStarts,
    stop: async () => {
      stopping = true;
      await Promise.all(slots.map(retire));
    },
  };
  for (let n = 0; n < apis; n += 1) add('api');
  for (let n = 0; n < projectors; n += 1) add('projector');
  try {
    await Promise.all(slots.map(({ filling }) => filling));
  } catch (error) {
    await fleet.stop();
    throw error;
  }
  return fleet;
};
