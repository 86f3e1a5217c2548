import Type from 'typebox';
import { type CustomerId, parseCustomerId } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import { newPartCheck } from '../http/message/compile-validator.ts';
import { keyField, patterns } from '../http/message/fields.ts';
import { invalidRequest, type Problem, problemBody } from '../http/problems/problem.ts';
import { problems } from '../http/problems/problems.ts';
import {
  admitReservation,
  draftOf,
  type PlacesCall,
  type PlacesOptions,
  placesFields,
  type ReservationDraft,
  reservationAnswer,
} from './admit-reservation.ts';
import { type Answer, answerTo, type Refused, refused } from './answer-submission.ts';
import type { CommandOptions } from './options.ts';

/** One request of a call of many. */
export const oneOfManySchema = Type.Object(
  {
    customerId: Type.String({
      minLength: 1,
      maxLength: limits.customerIdBytes,
      pattern: patterns.wellFormed,
      description: `Who reserves; 1 to ${limits.customerIdBytes} bytes of UTF-8.`,
    }),
    ...placesFields,
    key: Type.Optional(keyField),
  },
  { additionalProperties: false },
);

interface Part {
  readonly part: unknown;
  readonly index: number;
}

/** The call as each of its requests sees it. */
export interface SharedCall extends PlacesCall {
  /** The only customer that it may ask for; undefined where it may ask for anybody. */
  readonly actingFor: CustomerId | undefined;
  /** Why the request at `index` is one too many. */
  readonly countOne: (index: number, customerId: CustomerId | undefined) => Problem | undefined;
  /** The problem that an error is answered with; logs the error. */
  readonly explainError: (error: unknown) => Problem;
  /** The trace that an answer with this status names. */
  readonly traceIdOf: (status: number) => string | undefined;
}

type OneOptions = PlacesOptions & Pick<CommandOptions, 'requireKeys'>;

/** What a call of its own would have been answered: its status and body, and what its headers say. */
export interface OneAnswer {
  readonly status: number;
  readonly reservation?: object;
  readonly problem?: object;
  readonly replayed?: true;
  readonly retryAfterSeconds?: number;
}

/** Never rejects: whatever happens to one request, others of the call may be promised already. */
export const answerOneOfMany = async (
  part: Part,
  call: SharedCall,
  options: OneOptions,
): Promise<OneAnswer> => {
  try {
    const read = readDraft(part, call, options);
    if (read.type === 'refused') return asOne(read, call);
    const admission = await admitReservation(read.draft, call, options);
    if (admission.type === 'refused') return asOne(admission, call);
    const answer = answerTo(admission.submission, reservationAnswer(admission.request), options);
    return { ...asOne(answer, call), ...(admission.submission.replayed && { replayed: true }) };
  } catch (error) {
    return asOne(refused(call.explainError(error)), call);
  }
};

const asOne = (answer: Answer, call: SharedCall): OneAnswer => {
  const [told, { retryAfterSeconds }] =
    answer.type === 'granted'
      ? [{ status: answer.status, reservation: answer.body }, answer]
      : [problemOf(answer.problem, call), answer.problem];
  return { ...told, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
};

const problemOf = (problem: Problem, { traceIdOf }: SharedCall) => {
  const { status } = problems[problem.code];
  return { status, problem: problemBody(problem, traceIdOf(status)) };
};

type DraftRead = { readonly type: 'read'; readonly draft: ReservationDraft } | Refused;

const checkPart = newPartCheck(oneOfManySchema);

const readDraft = ({ part, index }: Part, call: SharedCall, options: OneOptions): DraftRead => {
  const at = `#/requests/${index}` as const;
  const checked = checkPart(part, at);
  const customerId = checked.type === 'valid' ? parseCustomerId(checked.value.customerId) : undefined;
  const tooMany = call.countOne(index, customerId);
  if (tooMany) return refused(tooMany);
  if (checked.type === 'mistaken') return refused(invalidRequest(checked.errors));
  if (customerId === undefined) return refused(invalidRequest([tooLong(`${at}/customerId`)]));
  const { key } = checked.value;
  if (key === undefined && options.requireKeys) return refused(keyRequired);
  if (call.actingFor !== undefined && call.actingFor !== customerId) return refused(ofAnother);
  return { type: 'read', draft: draftOf(checked.value, { customerId, key }) };
};

/** The schema counts characters. */
const tooLong = (pointer: string) => ({
  pointer,
  detail: `must be 1 to ${limits.customerIdBytes} bytes of UTF-8`,
});

const keyRequired: Problem = {
  code: 'key-required',
  detail:
    'This service asks for a key with every request. Nothing was done. Send it again with a "key": a new one for each request, the same one whenever you repeat it.',
};

const ofAnother: Problem = {
  code: 'forbidden',
  detail:
    'The call acts for the customer in X-Customer-Id, and this request is of another. Leave the header out to ask for many.',
};
