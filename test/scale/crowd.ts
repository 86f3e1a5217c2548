import { setTimeout as delay } from 'node:timers/promises';
import { appendBacklog } from '../load/append-backlog.ts';
import type { Stage } from './start-stage.ts';

export interface Crowd {
  readonly sent: () => number;
  readonly stop: () => Promise<void>;
}

const everyMs = 250;
const hotShare = 0.25;

/**
 * Everybody who comes at once. The requests are put on the streams directly, in an API process's encoding: an
 * API process for so many needs more of a small machine than the projectors that are observed. A quarter of
 * the customers want the same show.
 */
export const startCrowd = (stage: Stage, ratePerSecond: () => number): Crowd => {
  let stopped = false;
  let sent = 0;
  const send = async (entries: number): Promise<void> => {
    const hot = Math.round(entries * hotShare);
    const each = Math.round((entries - hot) / stage.roomy.length);
    const wishes = [
      { showId: stage.hot, entries: hot },
      ...stage.roomy.map((showId) => ({ showId, entries: each })),
    ];
    await Promise.all(wishes.filter((wish) => wish.entries > 0).map((wish) => ask(stage, wish)));
    sent += hot + each * stage.roomy.length;
  };
  const sending = (async () => {
    let beforeMs = performance.now();
    while (!stopped) {
      await delay(everyMs);
      const nowMs = performance.now();
      const entries = Math.round((ratePerSecond() * (nowMs - beforeMs)) / 1_000);
      beforeMs = nowMs;
      if (entries > 0) await send(entries);
    }
  })();
  // The error is thrown to the caller of `stop`.
  sending.catch(() => undefined);
  return {
    sent: () => sent,
    stop: async () => {
      stopped = true;
      await sending;
    },
  };
};

interface Wish {
  readonly showId: string;
  readonly entries: number;
}

/** Every id goes into the history, so that the audit checks each decision. */
const ask = async ({ urls, history }: Stage, { showId, entries }: Wish): Promise<void> => {
  const askedAtMs = performance.now();
  const customer = 'crowd';
  const ids = await appendBacklog({ ...urls, showId, customer, entries }, entries);
  for (const id of ids)
    history.record(
      { verb: 'reserve', customer, showId, path: '' },
      { end: 'ok', result: 'put on the stream', id },
      askedAtMs,
    );
};
