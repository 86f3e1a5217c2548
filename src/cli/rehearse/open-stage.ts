import { type Client, newClient, type Problem, type Show } from '../../client/client.ts';
import type { Clock } from '../../domain/ports.ts';
import { oversoldText } from './check-promises.ts';
import type { Asked, Plan } from './plan.ts';

const showPollMs = 250;
const openingMsMax = 60_000;
const closingMsMax = 120_000;
const lookEveryMs = 1_000;
/** Should this process be killed, nobody is left with an open show for long. */
const closesBySelfMs = 300_000;

/** A call that looks or administers. Its patience is short: nobody wants to wait long to hear that an address is wrong. */
export const adminClient = ({ plan: { url }, token }: Asked): Client =>
  newClient({
    baseUrl: url,
    headers: () => (token === undefined ? { 'x-admin': 'true' } : { authorization: `Bearer ${token}` }),
    retrying: { triesMax: 4, answerMsMax: 15_000 },
  });

/** Who asks for places: a service may act for anybody, and the local mode believes what it is told. */
export const customerHeaders =
  ({ token }: Asked) =>
  (customer: string): Readonly<Record<string, string>> => ({
    'x-customer-id': customer,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  });

/** The show, open; or in a sentence why it could not be opened. */
export const openShow = async (client: Client, plan: Plan, clock: Clock): Promise<Show | string> => {
  const closesAtMs = clock.nowMs() + plan.seconds * 1_000 + closesBySelfMs;
  const answer = await client.openShow({
    name: `Rehearsal of ${new Date(clock.nowMs()).toISOString()}`,
    pools: [...plan.pools],
    holdSeconds: plan.holdSeconds,
    closesAt: new Date(closesAtMs).toISOString(),
  });
  if (!answer.ok) return whyNotOpened(answer.problem, plan);
  if ('pools' in answer.data) return answer.data;
  const { id } = answer.data;
  const opened = await until(clock, openingMsMax, () => showOf(client, id));
  return (
    opened ??
    `the show ${id} was accepted and is not decided after ${openingMsMax / 1_000} s: is a projector running?`
  );
};

const whyNotOpened = ({ code, detail }: Problem, { url }: Plan): string => {
  if (code === 'unreachable') return `nothing answers at ${url}: is it running, and is this its address?`;
  const hint = isAboutWho.has(code)
    ? ' A token with the scopes onsale:service and onsale:admin is needed, in REHEARSE_TOKEN.'
    : '';
  return `no show could be opened: ${detail}${hint}`;
};

const isAboutWho: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden']);

const showOf = async (client: Client, id: string): Promise<Show | undefined> => {
  const answer = await client.show(id);
  return answer.ok ? answer.data : undefined;
};

/** Whether it is closed. Decided behind everything that was accepted before, so that by then all of that is decided. */
export const closeShow = async (client: Client, id: string, clock: Clock): Promise<boolean> => {
  const closed = await until(clock, closingMsMax, async () => {
    const show = await showOf(client, id);
    if (show && !show.closed) await client.changeShow(show, { closed: true });
    return show?.closed ? show : undefined;
  });
  return closed !== undefined;
};

/** The show once nothing is held any more, or as it is when that takes too long; undefined when it cannot be read. */
export const whenNothingIsHeld = async (
  client: Client,
  { id, limitMs, clock }: { readonly id: string; readonly limitMs: number; readonly clock: Clock },
): Promise<Show | undefined> => {
  const calm = await until(clock, limitMs, async () => {
    const show = await showOf(client, id);
    return show?.pools.every(({ held }) => held === 0) ? show : undefined;
  });
  return calm ?? (await showOf(client, id));
};

const until = async (
  clock: Clock,
  limitMs: number,
  find: () => Promise<Show | undefined>,
): Promise<Show | undefined> => {
  const endMs = clock.monotonicMs() + limitMs;
  for (;;) {
    const found = await find();
    if (found || clock.monotonicMs() > endMs) return found;
    await clock.sleep(showPollMs);
  }
};

export interface Watching {
  readonly id: string;
  readonly clock: Clock;
  readonly oversoldLooks: string[];
  /** Aborted when there is nothing more to see. */
  readonly ended: AbortSignal;
}

/** Looks at the show each second while it is on sale: an oversell that a cancel mends afterwards is one all the same. */
export const watchForOversell = async (client: Client, watching: Watching): Promise<void> => {
  const { id, clock, oversoldLooks, ended } = watching;
  while (!ended.aborted) {
    const show = await showOf(client, id);
    if (show) oversoldLooks.push(...oversoldText(show));
    await clock.sleep(lookEveryMs, ended);
  }
};
