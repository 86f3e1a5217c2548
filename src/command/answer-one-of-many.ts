import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { parseCustomerId } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import { callerOf } from '../http/identity/identity.ts';
import { actsFor } from '../http/identity/sees-everybody.ts';
import { newPartCheck } from '../http/message/compile-validator.ts';
import { keyField, patterns } from '../http/message/fields.ts';
import { traceIdOf } from '../http/observe/observe-requests.ts';
import { invalidRequest, type Problem, problemBody } from '../http/problems/problem.ts';
import { problems } from '../http/problems/problems.ts';
import {
  admitReservation,
  draftOf,
  placesFields,
  type ReservationDraft,
  reservationAnswer,
} from './admit-reservation.ts';
import { type Answer, answerTo, type Refused, refused } from './answer-submission.ts';
import type { CommandOptions } from './options.ts';
import type { Wait } from './submit.ts';

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

interface Call {
  readonly reply: FastifyReply;
  readonly wait: Wait;
}

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
  call: Call,
  options: CommandOptions,
): Promise<OneAnswer> => {
  const { reply } = call;
  try {
    const read = readDraft(part, reply, options);
    if (read.type === 'refused') return asOne(read, reply);
    const admission = await admitReservation(read.draft, call, options);
    if (admission.type === 'refused') return asOne(admission, reply);
    const answer = answerTo(admission.submission, reservationAnswer(admission.request), options);
    return { ...asOne(answer, reply), ...(admission.submission.replayed && { replayed: true }) };
  } catch (error) {
    return asOne(refused(reply.server.explainError(error, reply)), reply);
  }
};

const asOne = (answer: Answer, reply: FastifyReply): OneAnswer => {
  const [told, { retryAfterSeconds }] =
    answer.type === 'granted'
      ? [{ status: answer.status, reservation: answer.body }, answer]
      : [problemOf(answer.problem, reply), answer.problem];
  return { ...told, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
};

const problemOf = (problem: Problem, reply: FastifyReply) => {
  const { status } = problems[problem.code];
  return { status, problem: problemBody(problem, traceIdOf(reply, status)) };
};

type DraftRead = { readonly type: 'read'; readonly draft: ReservationDraft } | Refused;

const checkPart = newPartCheck(oneOfManySchema);

const readDraft = ({ part, index }: Part, reply: FastifyReply, options: CommandOptions): DraftRead => {
  const at = `#/requests/${index}` as const;
  const checked = checkPart(part, at);
  const customerId = checked.type === 'valid' ? parseCustomerId(checked.value.customerId) : undefined;
  const tooMany = reply.server.countOne(reply, index, customerId);
  if (tooMany) return refused(tooMany);
  if (checked.type === 'mistaken') return refused(invalidRequest(checked.errors));
  if (customerId === undefined) return refused(invalidRequest([tooLong(`${at}/customerId`)]));
  const { key } = checked.value;
  if (key === undefined && options.requireKeys) return refused(keyRequired);
  const actingFor = actsFor(callerOf(reply.request));
  if (actingFor !== undefined && actingFor !== customerId) return refused(ofAnother);
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
