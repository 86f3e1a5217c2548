import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, openConnection } from './connection.ts';
import type { Load, SendPlan, SendResult } from './plan.ts';
import { requestTexts } from './request-texts.ts';
import { evenSchedule } from './schedule.ts';
import { newTally } from './tally.ts';

type OpenLoad = Extract<Load, { type: 'open' }>;

const openedAhead = 200;
// Answers that take longer count as failures.
const patienceMs = 30_000;

/**
 * On schedule however many are unanswered, each request on a free connection; latency counts from when it was
 * due.
 */
export const sendOpen = async (plan: SendPlan, load: OpenLoad): Promise<SendResult> => {
  const texts = requestTexts(plan);
  const schedule = evenSchedule(load.rate, load.seconds);
  const opened = await Promise.all(Array.from({ length: openedAhead }, () => openConnection(plan.origin)));
  const free: Connection[] = [...opened];
  const tally = newTally(plan.remember ?? false);
  const beganMs = performance.now();
  let sent = 0;
  let ended = 0;

  const end = (n: number, status: number | undefined): void => {
    ended += 1;
    tally.note(status, performance.now() - beganMs - schedule.dueMs(n), texts.markOf(n));
  };
  const sendOn = (connection: Connection, n: number): void =>
    connection.send(texts.textOf(n), (status) => {
      if (status !== undefined) free.push(connection);
      end(n, status);
    });
  const send = (n: number): void => {
    const connection = free.pop();
    if (connection) return sendOn(connection, n);
    openConnection(plan.origin).then(
      (another) => {
        opened.push(another);
        sendOn(another, n);
      },
      () => end(n, undefined),
    );
  };

  while (sent < schedule.total) {
    const due = schedule.dueUntil(performance.now() - beganMs);
    while (sent < due) send(sent++);
    await delay(1);
  }
  const patientUntilMs = performance.now() + patienceMs;
  while (ended < sent && performance.now() < patientUntilMs) await delay(5);
  for (const connection of opened) connection.close();
  const result = tally.result();
  return { ...result, failed: result.failed + sent - ended };
};
