import { type Deferred, newDeferred } from '../../shared/deferred.ts';
import type { WaitLimit } from '../../shared/wait-limit.ts';
import type { WaitingReads } from './waiting-reads.ts';

/** The lookups of a process that share statements, and how long each may take. */
export interface LookupBounds {
  readonly groupMax: number;
  readonly atOnceMax: number;
  readonly reads: WaitingReads;
  /** How long a caller waits for an answer before it gets an error. */
  readonly limit: WaitLimit;
}

interface Lookup<Answer> extends Deferred<Answer> {
  callers: number;
  isOpen: boolean;
  readonly endWait: () => void;
}

type Group<Question, Answer> = readonly (readonly [Question, Lookup<Answer>])[];

type AskAll<Question, Answer> = (questions: readonly Question[]) => Promise<ReadonlyMap<Question, Answer>>;

/**
 * Batches lookups. The lookups of one turn of the event loop form a group. While `atOnceMax` groups wait for
 * their answers, the next group fills. So the number of statements depends on the database's speed and not on
 * the callers'. Equal lookups share one answer. A lookup that was given up before it was sent is not sent any
 * more: a database that answers again gets no questions that nobody waits for.
 */
export const batchLookups = <Question, Answer>(
  askAll: AskAll<Question, Answer>,
  { groupMax, atOnceMax, reads, limit }: LookupBounds,
): ((question: Question) => Promise<Answer>) => {
  const waiting = new Map<Question, Lookup<Answer>>();
  const sent = new Set<Group<Question, Answer>>();
  let isScheduled = false;

  const schedule = (): void => {
    if (isScheduled || waiting.size === 0 || sent.size >= atOnceMax) return;
    isScheduled = true;
    setImmediate(sendNext);
  };
  const sendNext = (): void => {
    isScheduled = false;
    const group = takeFirst(waiting, groupMax);
    if (group.length === 0) return;
    sent.add(group);
    void answerGroup(askAll, group, reads).then(() => {
      sent.delete(group);
      schedule();
    });
    schedule();
  };
  const giveUp = (question: Question, lookup: Lookup<Answer>): void => {
    if (waiting.get(question) === lookup) waiting.delete(question);
    if (close(lookup)) lookup.reject(reads.giveUp(lookup.callers));
  };
  const newLookup = (question: Question): Lookup<Answer> => {
    const lookup: Lookup<Answer> = {
      ...newDeferred<Answer>(),
      callers: 0,
      isOpen: true,
      endWait: limit.begin(() => giveUp(question, lookup)),
    };
    waiting.set(question, lookup);
    return lookup;
  };
  return (question) => {
    const refusal = reads.enter();
    if (refusal) return Promise.reject(refusal);
    const lookup = waiting.get(question) ?? newLookup(question);
    lookup.callers += 1;
    schedule();
    return lookup.promise;
  };
};

/**
 * Takes the first entries out of the map. Copying all of it would cost each group a walk over all that wait.
 */
const takeFirst = <Key, Value>(from: Map<Key, Value>, max: number): readonly (readonly [Key, Value])[] => {
  const taken: (readonly [Key, Value])[] = [];
  for (const entry of from) {
    if (taken.length >= max) break;
    taken.push(entry);
    from.delete(entry[0]);
  }
  return taken;
};

/** Returns whether it was open until now. */
const close = <Answer>(lookup: Lookup<Answer>): boolean => {
  const wasOpen = lookup.isOpen;
  lookup.isOpen = false;
  lookup.endWait();
  return wasOpen;
};

/** Never rejects: an error goes to each waiter of the group. */
const answerGroup = async <Question, Answer>(
  askAll: AskAll<Question, Answer>,
  group: Group<Question, Answer>,
  reads: WaitingReads,
): Promise<void> => {
  const leave = (lookup: Lookup<Answer>): void => {
    if (close(lookup)) reads.leave(lookup.callers);
  };
  try {
    const answers = await askAll(group.map(([question]) => question));
    for (const [question, lookup] of group) {
      const answer = answers.get(question);
      leave(lookup);
      if (answer === undefined) lookup.reject(new Error(`no answer came for ${String(question)}`));
      else lookup.resolve(answer);
    }
  } catch (error) {
    for (const [, lookup] of group) {
      leave(lookup);
      lookup.reject(error);
    }
  }
};
