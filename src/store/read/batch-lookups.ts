import { type Deferred, newDeferred } from '../../shared/deferred.ts';

/**
 * Batches lookups. The lookups of one turn of the event loop form a group. While `atOnceMax` groups wait for
 * their answers, the next group fills. So the number of statements depends on the database's speed and not on
 * the callers'. Equal lookups share one answer.
 */
export const batchLookups = <Question, Answer>(
  askAll: (questions: readonly Question[]) => Promise<ReadonlyMap<Question, Answer>>,
  { groupMax, atOnceMax }: { readonly groupMax: number; readonly atOnceMax: number },
): ((question: Question) => Promise<Answer>) => {
  const waiting = new Map<Question, Deferred<Answer>>();
  let atOnce = 0;
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled || waiting.size === 0 || atOnce >= atOnceMax) return;
    scheduled = true;
    setImmediate(askNext);
  };
  const askNext = (): void => {
    scheduled = false;
    const group = [...waiting].slice(0, groupMax);
    for (const [question] of group) waiting.delete(question);
    atOnce += 1;
    void answerGroup(askAll, group).then(() => {
      atOnce -= 1;
      schedule();
    });
    schedule();
  };
  return (question) => {
    const asked = waiting.get(question) ?? newDeferred<Answer>();
    waiting.set(question, asked);
    schedule();
    return asked.promise;
  };
};

/** Never rejects: an error goes to each waiter of the group. */
const answerGroup = async <Question, Answer>(
  askAll: (questions: readonly Question[]) => Promise<ReadonlyMap<Question, Answer>>,
  group: readonly (readonly [Question, Deferred<Answer>])[],
): Promise<void> => {
  try {
    const answers = await askAll(group.map(([question]) => question));
    for (const [question, { resolve, reject }] of group) {
      const answer = answers.get(question);
      if (answer === undefined) reject(new Error(`no answer came for ${String(question)}`));
      else resolve(answer);
    }
  } catch (error) {
    for (const [, { reject }] of group) reject(error);
  }
};
