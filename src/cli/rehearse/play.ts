import { setMaxListeners } from 'node:events';
import type { Client } from '../../client/client.ts';
import type { Clock, Random } from '../../domain/ports.ts';
import { parsePrefer } from '../../http/message/prefer.ts';
import { onSchedule } from './on-schedule.ts';
import { customerHeaders, watchForOversell } from './open-stage.ts';
import { isGateway } from './outcome.ts';
import type { Rehearsal } from './plan.ts';
import { type CustomerRecord, playCustomer, type Stage } from './play-customer.ts';
import { newSender, type Sender } from './sender.ts';
import { beatEveryMs, newSilences, type Silences } from './silences.ts';
import { type Figures, newTally } from './tally.ts';

export interface PlayOptions {
  readonly rehearsal: Rehearsal;
  readonly client: Client;
  readonly showId: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends the sending early. */
  readonly stopping: AbortSignal;
  /** Called with the progress from time to time. */
  readonly onProgress: (sent: number, unanswered: number) => void;
}

export interface Performance {
  readonly figures: Figures;
  readonly records: ReadonlyMap<string, CustomerRecord>;
  readonly split: readonly string[];
  readonly oversoldSamples: readonly string[];
  readonly interrupted: boolean;
}

/** More at a time than one process of the service lets wait. It bounds only our own memory. */
const unansweredMax = 20_000;
const stragglerMsMax = 60_000;
const progressEveryMs = 10_000;

/** Sends the whole load and waits for stragglers, for a minute at most. */
export const play = async (playing: PlayOptions): Promise<Performance> => {
  const { rehearsal, client, showId, clock, stopping } = playing;
  const oversoldSamples: string[] = [];
  const ended = new AbortController();
  const watching = watchForOversell(client, { id: showId, clock, oversoldSamples, ended: ended.signal });
  const over = new AbortController();
  // Every request and every pause adds a listener.
  setMaxListeners(0, over.signal, stopping);
  const silences = newSilences(clock);
  const beating = beat(silences, clock, ended.signal);
  const tally = newTally();
  const plain = newSender({
    url: rehearsal.plan.url,
    signal: over.signal,
    onQueued: () => tally.count('queued'),
  });
  const sender = listening(plain, silences, clock);
  const { stage, send, idle, reachedMs } = newStage(playing, { sender, tally, over: over.signal });
  const beganMs = clock.monotonicMs();
  await onSchedule({ ...rehearsal.plan, clock, stopping, send });
  await Promise.race([idle(), clock.sleep(stragglerMsMax, ended.signal)]);
  over.abort();
  await idle();
  const endedMs = clock.monotonicMs();
  ended.abort();
  sender.close();
  await Promise.all([watching, beating]);
  return {
    figures: stage.tally.figures({
      wantedPerSecond: rehearsal.plan.ratePerSecond,
      reachedSeconds: (reachedMs() - beganMs) / 1_000,
      seconds: (endedMs - beganMs) / 1_000,
      silences: silences.list(),
    }),
    records: stage.records,
    split: stage.split,
    oversoldSamples,
    interrupted: stopping.aborted,
  };
};

const beat = async (silences: Silences, clock: Clock, ended: AbortSignal): Promise<void> => {
  while (!ended.aborted) {
    silences.beat();
    await clock.sleep(beatEveryMs, ended);
  }
};

/** The same sender, which also reports the end of each request to `silences`. */
const listening = (sender: Sender, silences: Silences, clock: Clock): Sender => ({
  ...sender,
  send: async (message) => {
    const sentMs = clock.monotonicMs();
    const reply = await sender.send(message);
    const waitMs = parsePrefer(message.headers['prefer'])?.waitMs ?? 0;
    // A request that did not leave this machine, or that we cut short, says nothing about the service.
    if (reply.type === 'no-answer') silences.ended({ sentMs, waitMs, failure: reply.why });
    if (reply.type === 'answer')
      silences.ended({ sentMs, waitMs, ...(isGateway(reply) && { failure: `status ${reply.status}` }) });
    return reply;
  },
});

interface Playhouse {
  readonly stage: Stage;
  readonly send: (request: number, intendedMs: number) => void;
  /** Resolves when no customer is active any more. */
  readonly idle: () => Promise<void>;
  /** When the last request for places was answered. */
  readonly reachedMs: () => number;
}

const newStage = (
  { rehearsal, showId, clock, random, onProgress }: PlayOptions,
  { sender, tally, over }: Pick<Stage, 'sender' | 'tally' | 'over'>,
): Playhouse => {
  const busy = new Set<Promise<void>>();
  const at = { reachedMs: clock.monotonicMs(), saidMs: clock.monotonicMs(), sent: 0 };
  const stage: Stage = {
    plan: rehearsal.plan,
    run: Math.floor(random() * 36 ** 8).toString(36),
    showId,
    sender,
    headersOf: customerHeaders(rehearsal),
    clock,
    random,
    tally,
    records: new Map(),
    split: [],
    onReached: () => {
      at.reachedMs = clock.monotonicMs();
    },
    over,
  };
  const send = (request: number, intendedMs: number): void => {
    const nowMs = clock.monotonicMs();
    tally.sentLate(nowMs - intendedMs, clock.nowMs());
    if (busy.size >= unansweredMax) return tally.count('withheld');
    tally.count('sent');
    at.sent += 1;
    const story = playCustomer(stage, request, intendedMs).finally(() => busy.delete(story));
    busy.add(story);
    if (nowMs - at.saidMs < progressEveryMs) return;
    at.saidMs = nowMs;
    onProgress(at.sent, busy.size);
  };
  return {
    stage,
    send,
    idle: async () => {
      await Promise.all(busy);
    },
    reachedMs: () => at.reachedMs,
  };
};
