import { endOf, nextMessage, startChild } from './node-child.ts';
import { parseSendResult, type SendPlan, type SendResult } from './sender/plan.ts';

/**
 * Sends from a process of its own, so that the sender does not share an event loop with the measured
 * processes.
 */
export const sendPlan = async (plan: SendPlan): Promise<SendResult> => {
  const child = startChild({ file: './sender/send.ts', args: [] });
  await nextMessage(child);
  const answer = nextMessage(child);
  child.send(plan);
  const result = parseSendResult(await answer);
  // Its CPU time is counted among ended children only after it has ended.
  await endOf(child);
  return result;
};

/** Number of answers "yes" or "queued". */
export const acceptedIn = ({ answers }: SendResult): number => countOf(answers, (status) => status < 300);

export const answeredIn = ({ answers }: SendResult): number => countOf(answers, () => true);

/** Number of requests without the wanted answer, or without any. */
export const othersIn = ({ answers, failed }: SendResult, wanted: number): number =>
  failed + countOf(answers, (status) => status !== wanted);

const countOf = (answers: SendResult['answers'], counts: (status: number) => boolean): number =>
  Object.entries(answers).reduce((sum, [status, count]) => (counts(Number(status)) ? sum + count : sum), 0);

/** Text about the other answers than the wanted one; empty if there were none. */
export const unwantedIn = ({ answers, failed }: SendResult, wanted: number): string =>
  [
    ...Object.entries(answers)
      .filter(([status]) => Number(status) !== wanted)
      .map(([status, count]) => `${count} answered ${status}`),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(', ');
