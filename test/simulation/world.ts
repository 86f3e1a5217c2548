import type { RequestId } from '../../src/domain/ids.ts';
import { requestIdOf } from '../../src/domain/requests.ts';
import type { Api } from './api.ts';
import { type History, newHistory } from './history.ts';
import { type Machine, newMachine } from './machine.ts';
import type { Settings } from './plan.ts';
import { type Projector, startProjector } from './projector.ts';
import { requestIdIn } from './request-id-in.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { newServers, redisWire, type Servers, type ServersOptions } from './servers.ts';
import { startApi } from './start-api.ts';
import type { Wire } from './wire.ts';

/** A whole onsale in one process: servers in memory, our processes, and clients. */
export interface World extends Servers {
  readonly settings: Settings;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly history: History;
  /** The machine of the clients; it never fails. */
  readonly client: Machine;
  readonly projectors: Projector[];
  readonly apis: Api[];
  note(what: string): void;
  anyApi(): Api | undefined;
  join(): void;
  startApi(): void;
  /** Ids of all requests that still have a trace: on a stream, in the journal or parked. */
  traces(): Set<RequestId>;
  /** Of a process that is none of ours. */
  readonly foreignWire: Wire;
  /** The answer of a process; undefined if it dies first, fails, or does not answer for a long time. */
  answered<Answer>(api: Api, answer: Promise<Answer>): Promise<Answer | undefined>;
}

export const newWorld = (options: ServersOptions): World => {
  const { settings, scheduler, random, trace } = options;
  const servers = newServers(options);
  const projectors: Projector[] = [];
  const apis: Api[] = [];
  let started = 0;
  const newProcess = (kind: string): Machine => {
    started += 1;
    return newMachine(`${kind}-${started}`, scheduler);
  };
  const client = newMachine('client', scheduler);
  const world: World = {
    ...servers,
    settings,
    scheduler,
    random,
    projectors,
    apis,
    history: newHistory(servers.redisMs),
    client,
    note: (what) => trace.note(scheduler.nowMs(), 'world', what),
    anyApi: () => {
      const alive = apis.filter(({ machine }) => !machine.isDead());
      return alive[random.below(alive.length)];
    },
    join: () => projectors.push(startProjector(newProcess('projector'), { ...options, servers })),
    startApi: () => apis.push(startApi(newProcess('api'), { ...options, servers })),
    traces: () => tracesIn(servers, settings),
    foreignWire: servers.redis.wireOf(client, redisWire),
    answered: answeredTo(client),
  };
  return world;
};

const patienceMs = 12_000;

const answeredTo =
  ({ clock }: Machine): World['answered'] =>
  ({ machine }, answer) =>
    new Promise((resolve) => {
      const none = (): void => resolve(undefined);
      machine.onCrash(none);
      void clock.sleep(patienceMs).then(none);
      answer.then(resolve, none);
    });

const tracesIn = ({ log, database }: Servers, { partitions }: Settings): Set<RequestId> => {
  const found = new Set<RequestId>();
  for (let partition = 0; partition < partitions; partition += 1) {
    for (const { content } of log.entries(partition))
      if (content.type === 'request') found.add(requestIdOf(content.request));
  }
  const { journal, parked } = database.tables;
  for (const { request_id: id } of [...journal.all(), ...parked.all()]) {
    const requestId = requestIdIn(id);
    if (requestId) found.add(requestId);
  }
  return found;
};
