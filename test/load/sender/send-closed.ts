import { type Connection, openConnection } from './connection.ts';
import type { Load, SendPlan, SendResult } from './plan.ts';
import { type RequestTexts, requestTexts } from './request-texts.ts';
import { newTally, type Tally } from './tally.ts';

type ClosedLoad = Extract<Load, { type: 'closed' }>;

/** As fast as answers come. A failed connection is not opened again: its requests stay unanswered. */
export const sendClosed = async (plan: SendPlan, load: ClosedLoad): Promise<SendResult> => {
  const texts = requestTexts(plan);
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => openConnection(plan.origin)),
  );
  const tally = newTally(plan.remember ?? false);
  const untilMs = performance.now() + load.seconds * 1_000;
  let sent = 0;
  const next = (): number | undefined =>
    sent < (load.max ?? Number.POSITIVE_INFINITY) && performance.now() < untilMs ? sent++ : undefined;
  await Promise.all(connections.map((connection) => keepSending(connection, { texts, tally, next })));
  const result = tally.result();
  for (const connection of connections) connection.close();
  return result;
};

interface SendState {
  readonly texts: RequestTexts;
  readonly tally: Tally;
  /** Number of the next request; undefined when the load is over. */
  readonly next: () => number | undefined;
}

const keepSending = (connection: Connection, { texts, tally, next }: SendState): Promise<void> =>
  new Promise((resolve) => {
    const send = (): void => {
      const n = next();
      if (n === undefined) return resolve();
      const sentMs = performance.now();
      connection.send(texts.textOf(n), (status) => {
        tally.note(status, performance.now() - sentMs, texts.markOf(n));
        if (status === undefined) resolve();
        else send();
      });
    };
    send();
  });
