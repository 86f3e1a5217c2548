import { type Answer, call, getReservation, reserve, tell } from './client.ts';
import type { Load } from './load.ts';
import { type Onsale, type OnsaleOptions, startOnsale } from './onsale.ts';
import { assert } from './suite.ts';

/** Processes of one kind with one name: requests go to each in turn, and only to those in the rotation. */
export interface Replicas {
  readonly inService: readonly Onsale[];
  /** All that were ever started. */
  readonly started: readonly Onsale[];
  /** The address of the next process. */
  readonly url: () => string;
  /**
   * Replaces them one at a time, as an orchestrator does: the new process is ready before the old one leaves
   * the rotation and is told to stop.
   */
  readonly replace: (by: Partial<OnsaleOptions>, load: Load) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** After this many further requests, everything sent before is answered. */
const aWhile = 25;

const startReplicas = async (count: number, options: OnsaleOptions): Promise<Replicas> => {
  const inService = await Promise.all(Array.from({ length: count }, () => startOnsale(options)));
  const started = [...inService];
  let turn = 0;
  return {
    inService,
    started,
    url: () => inService[turn++ % inService.length]?.url ?? '',
    replace: async (by, load) => {
      for (const old of [...inService]) {
        const fresh = await startOnsale({ ...options, ...by });
        started.push(fresh);
        inService.splice(inService.indexOf(old), 1, fresh);
        await load.accepts(aWhile);
        assert.is(await old.stop(), 0);
        await load.accepts(aWhile);
      }
    },
    stop: async () => {
      await Promise.all(started.map((process) => process.stop()));
    },
  };
};

export const withReplicas = async (
  count: number,
  options: OnsaleOptions,
  work: (replicas: Replicas) => Promise<void>,
): Promise<void> => {
  const replicas = await startReplicas(count, options);
  try {
    await work(replicas);
  } finally {
    await replicas.stop();
  }
};

/** Customers with a key who wait for each decision, read it and cancel it. */
export interface Regulars {
  /** Ids of all their reservations. */
  readonly ids: readonly string[];
  /** Answers that must not occur while versions change. */
  readonly odd: readonly string[];
  readonly stop: () => Promise<void>;
}

export const startRegulars = (url: () => string, showId: string): Regulars => {
  const ids: string[] = [];
  const odd: string[] = [];
  let stopped = false;
  const fits = (answer: Answer, ...statuses: readonly number[]): boolean => {
    const fit = statuses.includes(answer.status);
    if (!fit) odd.push(`${answer.status} ${JSON.stringify(answer.body)}`);
    return fit;
  };
  // 202 if the process at which they wait is told to stop.
  const visit = async (customer: string, key: string): Promise<void> => {
    const made = await reserve(url(), { customer, showId, quantity: 1, wait: 20, key });
    if (!fits(made, 201, 202)) return;
    const id = String(made.body['id']);
    ids.push(id);
    fits(await getReservation(url(), id, customer, 20), 200);
    fits(await tell(url(), 'cancel', id, { customer }), 200, 202);
    fits(await call(`${url()}/v1/reservations`, { customer }), 200);
  };
  const come = async (customer: string): Promise<void> => {
    for (let n = 0; !stopped && odd.length === 0; n++)
      await visit(customer, `visit-${n}`).catch((error: unknown) => odd.push(String(error)));
  };
  const coming = Promise.all(['ann', 'bob'].map(come));
  return {
    ids,
    odd,
    stop: async () => {
      stopped = true;
      await coming;
    },
  };
};
