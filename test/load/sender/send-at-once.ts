import { type Connection, openConnection } from './connection.ts';
import { type Load, originOf, type SendPlan, type SendResult } from './plan.ts';
import { requestTexts } from './request-texts.ts';
import { newTally } from './tally.ts';

type AtOnceLoad = Extract<Load, { type: 'at-once' }>;

const openingAtOnce = 100;

/**
 * Opens all connections first, then writes all requests in one turn; latency counts from before the first
 * write.
 */
export const sendAtOnce = async (plan: SendPlan, { requests }: AtOnceLoad): Promise<SendResult> => {
  const texts = requestTexts(plan);
  const all = Array.from({ length: requests }, (_, n) => texts.textOf(n));
  const connections: Connection[] = [];
  while (connections.length < requests) {
    const opened = connections.length;
    const batch = Array.from({ length: Math.min(openingAtOnce, requests - opened) }, (_, n) => opened + n);
    connections.push(...(await Promise.all(batch.map((n) => openConnection(originOf(plan, n))))));
  }
  const tally = newTally(plan.remember ?? false);
  const beganMs = performance.now();
  await Promise.all(
    connections.map(
      (connection, n) =>
        new Promise<void>((resolve) => {
          connection.send(all[n] ?? '', (status) => {
            tally.note(status, performance.now() - beganMs, texts.markOf(n));
            resolve();
          });
        }),
    ),
  );
  const result = tally.result();
  for (const connection of connections) connection.close();
  return result;
};
