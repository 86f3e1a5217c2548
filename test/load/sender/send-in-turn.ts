import { openConnection } from './connection.ts';
import { type Load, originOf, type SendPlan, type SendResult } from './plan.ts';
import { requestTexts } from './request-texts.ts';
import { newTally } from './tally.ts';

type InTurnLoad = Extract<Load, { type: 'in-turn' }>;

/** One request after the other, on one connection to each process. */
export const sendInTurn = async (plan: SendPlan, { requests }: InTurnLoad): Promise<SendResult> => {
  const texts = requestTexts(plan);
  const processes = 1 + (plan.otherOrigins?.length ?? 0);
  const connections = await Promise.all(
    Array.from({ length: processes }, (_, n) => openConnection(originOf(plan, n))),
  );
  const tally = newTally(plan.remember ?? false);
  for (let n = 0; n < requests; n += 1) {
    const sentMs = performance.now();
    const status = await new Promise<number | undefined>((resolve) => {
      const connection = connections[n % processes];
      if (connection) connection.send(texts.textOf(n), resolve);
      else resolve(undefined);
    });
    tally.note(status, performance.now() - sentMs, texts.markOf(n));
  }
  const result = tally.result();
  for (const connection of connections) connection.close();
  return result;
};
