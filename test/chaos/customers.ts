import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/domain/ports.ts';
import { ask, type RequestSetup } from './ask.ts';
import type { AnswerRecord, Verb } from './history.ts';

export interface Shops {
  /** One show in each partition, with room for everybody. */
  readonly roomy: readonly string[];
  /** Those of them whose places are held before they are confirmed. */
  readonly holding: readonly string[];
  /** The show that everybody wants: it is small, and replaced by another one from time to time. */
  readonly hot: () => string;
}

export interface CustomersOptions extends Omit<RequestSetup, 'isStopped'> {
  readonly shops: Shops;
  readonly workers?: number;
  /** Every request carries a key, and few wait: only requests that are accepted and undecided can be lost. */
  readonly keyedOnly?: true;
}

export interface Customers {
  /** Resolves when the last customer has its answer. */
  readonly stop: () => Promise<void>;
}

interface Customer extends RequestSetup {
  readonly name: string;
  readonly shops: Shops;
  readonly keyedOnly: boolean;
}

// A bounded rate, so that the backlog of an outage does not depend on the speed of this machine.
const paceMs = { least: 40, spread: 80 } as const;

const thinkers = { share: 0.3, msMax: 7_000 } as const;

/** Each worker sends one customer after the other, until it is told to stop. */
export const startCustomers = ({ workers = 20, keyedOnly, ...options }: CustomersOptions): Customers => {
  let stopped = false;
  let came = 0;
  const serve = async (): Promise<void> => {
    while (!stopped) {
      came += 1;
      const name = `customer-${came}`;
      await visit({ ...options, name, keyedOnly: keyedOnly ?? false, isStopped: () => stopped });
      await delay(paceMs.least + options.random() * paceMs.spread);
    }
  };
  const serving = Promise.all(Array.from({ length: workers }, serve));
  return {
    stop: async () => {
      stopped = true;
      await serving;
    },
  };
};

const visit = async (customer: Customer): Promise<void> => {
  const dice = customer.random();
  if (dice < (customer.keyedOnly ? 0.1 : 0.3)) return await holdAndDecide(customer);
  const { shops, random } = customer;
  const showId = dice < 0.6 ? shops.hot() : oneOf(shops.roomy, random);
  const answered = await reserve(customer, showId);
  const isBought = answered.told === 'confirmed' && answered.id !== undefined;
  if (isBought && random() < 0.2) await follow(customer, 'cancel', { showId, id: answered.id });
};

const reserve = (customer: Customer, showId: string, waiting?: true): Promise<AnswerRecord> => {
  const { name, random, keyedOnly } = customer;
  const isKeyed = keyedOnly || waiting || random() < 0.5;
  const isWaiting = waiting || (!keyedOnly && random() < 0.4);
  return ask(
    {
      verb: 'reserve',
      customer: name,
      showId,
      path: '/v1/reservations',
      body: { showId, lines: [{ poolId: 'stalls', quantity: 1 + Math.floor(random() * 3) }] },
      ...(isKeyed && { key: `${name}-reserve` }),
      ...(isWaiting && { waitSeconds: 3 }),
    },
    customer,
  );
};

/** Some confirm, some extend first, some cancel, and some let the hold lapse. */
const holdAndDecide = async (customer: Customer): Promise<void> => {
  const { shops, random } = customer;
  const showId = oneOf(shops.holding, random);
  const { id, told } = await reserve(customer, showId, true);
  if (told !== 'held' || id === undefined) return;
  const held = { showId, id };
  // Some wait until the hold has nearly ended, or has ended.
  if (random() < thinkers.share) await delay(random() * thinkers.msMax);
  const dice = random();
  if (dice < 0.2) await follow(customer, 'extend', held);
  if (dice < 0.6) await follow(customer, 'confirm', held);
  if (dice > 0.5 && dice < 0.8) await follow(customer, 'cancel', held);
};

const follow = async (
  customer: Customer,
  verb: Exclude<Verb, 'open' | 'reserve'>,
  { showId, id }: { readonly showId: string; readonly id: string },
): Promise<void> => {
  const { name, random } = customer;
  const command = {
    verb,
    customer: name,
    showId,
    key: `${name}-${verb}`,
    path: `/v1/reservations/${id}/${verb}`,
    // An immediate 202 proves to a client that it was in time, however long the decision takes.
    ...(random() < 0.5 && { waitSeconds: 0 }),
  };
  await ask(command, customer);
};

const oneOf = (items: readonly string[], random: Random): string =>
  items[Math.floor(random() * items.length)] ?? '';
