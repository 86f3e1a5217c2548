import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/domain/ports.ts';
import { ask, type RequestSetup } from './ask.ts';
import type { AnswerRecord, Verb } from './history.ts';

export interface Shops {
  /** One in each partition, with room for everybody. */
  readonly roomy: readonly string[];
  /** Those of them whose places are held first. */
  readonly holding: readonly string[];
  /** The one everybody wants: small, and another one every now and then. */
  readonly hot: () => string;
}

export interface CustomersOptions extends Omit<RequestSetup, 'isStopped'> {
  readonly shops: Shops;
  readonly workers?: number;
  /** Every request carries a key, and few wait: accepted and undecided requests are the ones that may be lost. */
  readonly keyedOnly?: true;
}

export interface Customers {
  /** Resolves when the last of them has its answer. */
  readonly stop: () => Promise<void>;
}

interface Customer extends RequestSetup {
  readonly name: string;
  readonly shops: Shops;
  readonly keyedOnly: boolean;
}

// A bounded rate: what piles up during an outage must not depend on how fast this machine is.
const paceMs = { least: 40, spread: 80 } as const;

const thinkers = { share: 0.3, msMax: 7_000 } as const;

/** Customers who come one after the other to so many counters until they are told to stop. */
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

/** Some confirm, some extend first, some give back, and some let it lapse. */
const holdAndDecide = async (customer: Customer): Promise<void> => {
  const { shops, random } = customer;
  const showId = oneOf(shops.holding, random);
  const { id, told } = await reserve(customer, showId, true);
  if (told !== 'held' || id === undefined) return;
  const held = { showId, id };
  // Some think it over until the hold is nearly over, or is.
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
    // An immediate 202 tells a client that it was in time, however long the decision takes.
    ...(random() < 0.5 && { waitSeconds: 0 }),
  };
  await ask(command, customer);
};

const oneOf = (items: readonly string[], random: Random): string =>
  items[Math.floor(random() * items.length)] ?? '';
