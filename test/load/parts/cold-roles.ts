import { waitUntil } from '../../../infra/local/wait-until.ts';
import type { Onsale, Role } from '../../support/onsale.ts';
import { appendBacklog } from '../append-backlog.ts';
import { connections } from '../loaders.ts';
import { acceptedIn, othersIn, sendPlan, unwantedIn } from '../send-plan.ts';
import type { SendPlan } from '../sender/plan.ts';
import type { OurRunningSide } from '../sides/side.ts';
import type { Bench } from './part.ts';

const requests = 1_000;
const served = 50_000;
const customer = 'bench';

/** What a process of one role is measured by. It runs nothing else. */
export interface ColdRole {
  readonly role: Role;
  readonly figure: string;
  /** Resolves to the time that a thousand requests took, ms: the first ones of the process. */
  readonly first: (fresh: Onsale) => Promise<number>;
  /** The same once it has served the load. */
  readonly again: (warm: Onsale) => Promise<number>;
  readonly serve: (fresh: Onsale) => Promise<void>;
}

/** POSTs that wait for their decision, which a warm projector makes. */
export const commandRole = ({ target }: OurRunningSide): ColdRole => {
  const posts = ({ url: origin }: Onsale, prefer: string): Omit<SendPlan, 'load'> => ({
    origin,
    method: 'POST',
    path: new URL(target.url).pathname,
    headers: { ...target.headers, prefer },
    body: JSON.stringify(target.body),
  });
  const burst = (process: Onsale) => atOnceMs(posts(process, 'wait=10'), 201);
  return {
    role: 'command',
    figure: '1,000 POSTs at once',
    first: burst,
    again: burst,
    serve: (process) => serveLoad(posts(process, 'wait=10'), 201),
  };
};

export const queryRole = async ({ showId }: OurRunningSide, { servers }: Bench): Promise<ColdRole> => {
  const backlog = { ...servers.urls, showId, customer, entries: requests };
  const texts = await appendBacklog(backlog, requests);
  const reads = ({ url: origin }: Onsale): Omit<SendPlan, 'load'> => ({
    origin,
    method: 'GET',
    path: '/v1/reservations/{n}',
    headers: { 'x-customer-id': customer },
    texts,
  });
  const burst = (process: Onsale) => atOnceMs(reads(process), 200);
  return {
    role: 'query',
    figure: '1,000 GETs at once',
    first: burst,
    again: burst,
    serve: (process) => serveLoad(reads(process), 200),
  };
};

/** A thousand entries at once. A first one shows that the process has taken over the partition: that is no question of speed. */
export const projectorRole = (running: OurRunningSide, { servers }: Bench): ColdRole => {
  const decidedMs = async (entries: number): Promise<number> => {
    const total = (await running.decided()) + entries;
    const isDone = async (): Promise<boolean> => (await running.decided()) >= total;
    const beganMs = performance.now();
    await appendBacklog({ ...servers.urls, showId: running.showId, customer, entries });
    if (!(await waitUntil(isDone, { limitMs: 60_000, everyMs: 1 }))) throw new Error('nothing was decided');
    return performance.now() - beganMs;
  };
  return {
    role: 'projector',
    figure: '1,000 entries at once',
    first: async () => {
      await decidedMs(1);
      return await decidedMs(requests);
    },
    again: () => decidedMs(requests),
    serve: async () => void (await decidedMs(served)),
  };
};

const atOnceMs = async (plan: Omit<SendPlan, 'load'>, status: number): Promise<number> => {
  const result = await sendPlan({ ...plan, load: { type: 'at-once', requests } });
  if (othersIn(result, status) > 0) throw new Error(`of ${requests} at once ${unwantedIn(result, status)}`);
  return result.latency.max;
};

const serveLoad = async (plan: Omit<SendPlan, 'load'>, status: number): Promise<void> => {
  const load = { type: 'closed', connections, seconds: 600, max: served } as const;
  const result = await sendPlan({ ...plan, load });
  if (acceptedIn(result) < served) throw new Error(`of ${served} in turn ${unwantedIn(result, status)}`);
};
