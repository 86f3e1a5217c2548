import type { PartitionStore, Reader } from '../../../src/store/contract.ts';
import { confirmed, lineOf, newId, newOwner, type Owner, opening } from '../../store/story.ts';
import { newMemoryDatabase, type ObservedCommit } from '../memory-database.ts';
import { newVirtualClock } from '../virtual-clock.ts';
import { type Wire, WireCut } from '../wire.ts';
import type { Fault } from './fault.ts';

/** What happens to a call; a promise holds it back until it is fulfilled. */
type Plan = 'question lost' | 'reply lost' | Promise<void>;

interface PlannedWire extends Wire {
  /** Plans the fate of the next call of this name. */
  plan(what: string, plan: Plan): void;
}

const newPlannedWire = (): PlannedWire => {
  const plans: { readonly what: string; readonly plan: Plan }[] = [];
  return {
    plan: (what, plan) => {
      plans.push({ what, plan });
    },
    ask: async (what, effect) => {
      const at = plans.findIndex((each) => each.what === what);
      const plan = at < 0 ? undefined : plans.splice(at, 1)[0]?.plan;
      if (plan === 'question lost') throw new WireCut(what, { sent: false });
      await plan;
      const answer = await effect();
      if (plan === 'reply lost') throw new WireCut(what, { sent: true });
      return answer;
    },
    tell: () => undefined,
    connection: () => 1,
  };
};

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** Holds a call back until it is opened. */
export const newGate = (): Gate => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

/** Whether it has settled after everything that can happen without time passing. */
export const isSettled = async (promise: Promise<unknown>, clock: { advance(ms: number): Promise<void> }) => {
  let settled = false;
  promise.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  await clock.advance(0);
  return settled;
};

/** A database in memory with a virtual clock, and processes whose wires can be controlled. */
export const newRig = ({ leaseTtlMs = 3_000 }: { readonly leaseTtlMs?: number } = {}) => {
  const clock = newVirtualClock();
  const commits: ObservedCommit[] = [];
  const statements: string[] = [];
  const faults: { readonly statement: string; readonly fault: Fault }[] = [];
  const database = newMemoryDatabase({
    clock,
    onCommit: (commit) => commits.push(commit),
    faultOf: (statement) => {
      statements.push(statement);
      const at = faults.findIndex((each) => each.statement === statement);
      return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    },
  });
  const newProcess = () => {
    const wire = newPlannedWire();
    const options = { wire, clock, random: () => 0.5, role: 'projector', leaseTtlMs } as const;
    return { wire, ...database.connect(options) };
  };
  return { clock, database, commits, statements, faults, newProcess };
};

interface Sale {
  readonly owner: Owner;
  readonly show: ReturnType<typeof newId>;
}

/** An owner of the partition that has opened a show in it. */
export const newSale = async (store: PartitionStore, partition: number): Promise<Sale> => {
  const owner = await newOwner(store, partition);
  const show = newId(partition);
  await owner.commit([opening(show, { a: 10 })]);
  return { owner, show };
};

export const one = (show: Sale['show']) => confirmed(show, [lineOf('a', 1)]);

export const soldOf = async ({ show }: Reader, id: Sale['show']): Promise<number | undefined> =>
  (await show(id)).show?.pools[0]?.confirmed;
