import type { Clock } from '../domain/ports.ts';

export interface Patience {
  readonly clock: Clock;
  readonly limitMs: number;
}

/**
 * The reply, or an error when it did not come in time. The command may still be executed later: whoever gives up
 * waiting knows nothing about its outcome.
 */
export const answeredWithin = async <Reply>(
  { clock, limitMs }: Patience,
  reply: Promise<Reply>,
): Promise<Reply> => {
  const answered = new AbortController();
  const late = clock.sleep(limitMs, answered.signal).then(() => {
    if (!answered.signal.aborted) throw new Error(`Redis did not answer within ${limitMs} ms`);
    return reply;
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    // With a reason of its own no Error is made, with its stack, for every answer that came in time.
    answered.abort('answered');
  }
};
