import { type Client, newClient, type Problem, type Show } from '../../client/client.ts';
import type { Clock } from '../../domain/ports.ts';
import { oversoldText } from './check-promises.ts';
import type { Plan, Rehearsal } from './plan.ts';
import { silenceText } from './silences.ts';

const showPollMs = 250;
const openingMsMax = 60_000;
const closingMsMax = 120_000;
const sampleEveryMs = 1_000;
/** If this process is killed, the show closes soon by itself. */
const closesBySelfMs = 300_000;

/** A call that reads or administers. Its time limit is short, so that a wrong address is reported soon. */
export const adminClient = ({ plan: { url }, token }: Rehearsal): Client =>
  newClient({
    baseUrl: url,
    headers: () => (token === undefined ? { 'x-admin': 'true' } : { authorization: `Bearer ${token}` }),
    retrying: { triesMax: 4, answerMsMax: 15_000 },
  });

/** Headers of a customer: a service may act for any customer, and the local mode trusts the header. */
export const customerHeaders =
  ({ token }: Rehearsal) =>
  (customer: string): Readonly<Record<string, string>> => ({
    'x-customer-id': customer,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  });

/** The open show, or a message that says why it could not be opened. */
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
  const opened = await until(clock, openingMsMax, async () => {
    const show = await client.show(id);
    if (show.ok) return show.data;
    return show.problem.code === 'not-found' ? notDecided : whyOf(show.problem);
  });
  return typeof opened === 'string'
    ? `the show ${id} was accepted and cannot be read after ${openingMsMax / 1_000} s: ${opened}`
    : opened;
};

const whyNotOpened = ({ code, detail }: Problem, { url }: Plan): string => {
  if (code === 'unreachable') return `nothing answers at ${url}: is it running, and is this its address?`;
  return `no show could be opened: ${whyOf({ code, detail })}`;
};

const notDecided = 'it is not decided: is a projector running?';
const isAboutWho: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden']);
const aboutWho = 'A token with the scopes onsale:service and onsale:admin is needed, in REHEARSE_TOKEN.';

/** The show, or a message that says why it cannot be read. */
const showOf = async (client: Client, id: string): Promise<Show | string> => {
  const answer = await client.show(id);
  return answer.ok ? answer.data : whyOf(answer.problem);
};

/** A missing service is distinguished from a refusal. */
const whyOf = ({ code, detail }: Pick<Problem, 'code' | 'detail'>): string =>
  code === 'unreachable'
    ? 'the service did not answer'
    : `${detail}${isAboutWho.has(code) ? ` ${aboutWho}` : ''}`;

/**
 * Resolves to undefined once it is closed, or to a message that says why it is not. The change is decided after everything
 * that was accepted before, so by then all of that is decided.
 */
export const closeShow = async (client: Client, id: string, clock: Clock): Promise<string | undefined> => {
  const closed = await until(clock, closingMsMax, async () => {
    const show = await showOf(client, id);
    if (typeof show === 'string') return show;
    if (show.closed) return show;
    const answer = await client.changeShow(show, { closed: true });
    return answer.ok ? notDecided : whyOf(answer.problem);
  });
  return typeof closed === 'string' ? closed : undefined;
};

/** The show once nothing is held, or its latest state when that takes too long; or a message that says why it cannot be read. */
export const whenNothingIsHeld = async (
  client: Client,
  { id, limitMs, clock }: { readonly id: string; readonly limitMs: number; readonly clock: Clock },
): Promise<Show | string> => {
  const calm = await until(clock, limitMs, async () => {
    const show = await showOf(client, id);
    if (typeof show === 'string') return show;
    return show.pools.every(({ held }) => held === 0) ? show : 'places are held';
  });
  // An earlier state must not be used: its holds would be reported as a broken promise.
  return typeof calm === 'string' ? until(clock, 0, () => showOf(client, id)) : calm;
};

/** The result within the time limit, or why there is none, and from when to when that was the reason. */
const until = async (
  clock: Clock,
  limitMs: number,
  find: () => Promise<Show | string>,
): Promise<Show | string> => {
  const endMs = clock.monotonicMs() + limitMs;
  let why = { text: '', sinceMs: clock.nowMs() };
  for (;;) {
    const beganMs = clock.nowMs();
    const found = await find();
    if (typeof found !== 'string') return found;
    if (found !== why.text) why = { text: found, sinceMs: beganMs };
    if (clock.monotonicMs() >= endMs)
      return `${found} (${silenceText([{ fromMs: why.sinceMs, toMs: clock.nowMs(), why: found }])})`;
    await clock.sleep(showPollMs);
  }
};

export interface WatchOptions {
  readonly id: string;
  readonly clock: Clock;
  readonly oversoldSamples: string[];
  /** Aborted when sampling must stop. */
  readonly ended: AbortSignal;
}

/** Samples the show every second during the sale: an oversell that a cancel undoes later still counts. */
export const watchForOversell = async (client: Client, watching: WatchOptions): Promise<void> => {
  const { id, clock, oversoldSamples, ended } = watching;
  while (!ended.aborted) {
    const show = await showOf(client, id);
    if (typeof show !== 'string') oversoldSamples.push(...oversoldText(show));
    await clock.sleep(sampleEveryMs, ended);
  }
};
