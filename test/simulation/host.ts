import { newFaultyWire, type WireOptions, type WirePath } from './faulty-wire.ts';
import { type Link, newLink } from './link.ts';
import type { Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Trace } from './trace.ts';
import { calm, type Weather } from './weather.ts';
import type { Wire } from './wire.ts';

/** The machine a server runs on, and every connection to it. It does not know the server's data. */
export interface Host {
  readonly name: string;
  weather: Weather;
  goDown(): void;
  comeUp(): void;
  /** Breaks every connection. */
  cutAll(): void;
  /** Cuts one process off for `ms`. What it had sent before may still arrive. */
  cutOff(machine: Machine, ms: number): void;
  wireOf(machine: Machine, options: WireOptions): Wire;
}

export interface HostOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly trace: Trace;
}

const reconnectMs = 20;

export const newHost = (options: HostOptions): Host => {
  const { name, scheduler } = options;
  const links = new Set<Link>();
  let isUp = true;
  const road: WirePath = { ...options, isUp: () => isUp, weather: () => host.weather };
  const host: Host = {
    name,
    weather: calm,
    goDown: () => {
      isUp = false;
      host.cutAll();
    },
    comeUp: () => {
      isUp = true;
    },
    cutAll: () => {
      for (const link of links) link.cut(reconnectMs);
    },
    cutOff: (machine, ms) => {
      for (const link of links) if (link.machine === machine) link.cut(ms);
    },
    wireOf: (machine, wireOptions) => {
      const link = newLink(machine, scheduler);
      links.add(link);
      machine.onCrash(() => links.delete(link));
      return newFaultyWire(link, road, wireOptions);
    },
  };
  return host;
};
