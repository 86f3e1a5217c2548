import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/domain/ports.ts';
import { type Answer, call } from '../support/client.ts';
import type { AnswerRecord, End, History, SentRequest } from './history.ts';

export interface RequestSetup {
  /** The address for the next request, a different one each time, as a balancer chooses. */
  readonly api: () => string;
  readonly history: History;
  readonly random: Random;
  readonly isStopped: () => boolean;
}

const answerMsMax = 8_000;
const triesMax = 8;
const pauseMs = { first: 100, max: 1_500 } as const;

/**
 * Sends a command, and repeats it under the same key while its result is unknown or it was temporarily
 * refused. Every answer is recorded; the last one is returned.
 */
export const ask = async (command: SentRequest, asking: RequestSetup): Promise<AnswerRecord> => {
  const askedAtMs = performance.now();
  for (let tried = 1; ; tried += 1) {
    const answered = await askOnce(command, asking);
    asking.history.record(command, answered, askedAtMs);
    const isOpen = answered.end === 'unknown' || answered.result.startsWith('503');
    if (!isOpen || command.key === undefined || tried === triesMax || asking.isStopped()) return answered;
    await delay(asking.random() * Math.min(pauseMs.max, pauseMs.first * 2 ** tried));
  }
};

const askOnce = async (command: SentRequest, { api, history }: RequestSetup): Promise<AnswerRecord> => {
  const { verb, customer, key, path, body, waitSeconds } = command;
  try {
    const answer = await call(`${api()}${path}`, {
      method: 'POST',
      ...(verb === 'open' ? { admin: true } : { customer }),
      ...(body !== undefined && { body }),
      ...(waitSeconds !== undefined && { wait: waitSeconds }),
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
      timeoutMs: answerMsMax,
    });
    const answered = understand(answer);
    if (answered.result.startsWith('odd'))
      history.recordOdd(`${verb} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answered;
  } catch (error) {
    return withoutAnswer(error);
  }
};

/** The connection was refused, so nothing was sent; after any other error the request may have arrived. */
const withoutAnswer = (error: unknown): AnswerRecord => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const code = cause !== undefined && 'code' in cause ? String(cause.code) : '';
  return code === 'ECONNREFUSED'
    ? { end: 'failed', result: '503 nobody listens' }
    : { end: 'unknown', result: 'no answer' };
};

const understand = ({ status, body }: Answer): AnswerRecord => {
  const id = idIn(body);
  const identified = id === undefined ? {} : { id };
  if (status === 200 || status === 201 || status === 202) {
    const told = status === 202 ? {} : { told: String(body['status']) };
    const result = status === 202 ? '202' : `${status} ${body['status'] ?? ''}`;
    return { end: 'ok', result: result.trim(), ...identified, ...told };
  }
  return { end: endOf(status, body), result: resultOf(status, body), ...identified, ...toldBy(status, body) };
};

const toldBy = (status: number, body: Answer['body']): { told?: string } =>
  status === 409 && reservationRefusals.includes(String(body['code'])) ? { told: 'rejected' } : {};

/** Codes that refuse a reservation; other codes refuse a request about one. */
const reservationRefusals: readonly string[] = [
  'sold-out',
  'customer-limit',
  'hold-limit',
  'duplicate-request',
];

const endOf = (status: number, body: Answer['body']): End => {
  if (status === 503) return body['instance'] === undefined ? 'failed' : 'unknown';
  return status === 409 && body['instance'] !== undefined ? 'ok' : 'failed';
};

const resultOf = (status: number, body: Answer['body']): string => {
  const code = String(body['code']);
  if (status === 503 && ['overloaded', 'outcome-unknown', 'stopping'].includes(code)) return `503 ${code}`;
  if (status !== 409) return `odd ${status}`;
  return body['instance'] === undefined ? `409 ${code} at the door` : `409 ${code}`;
};

const idIn = (body: Answer['body']): string | undefined => {
  if (typeof body['id'] === 'string') return body['id'];
  const { instance } = body;
  return typeof instance === 'string' ? instance.split('/').at(-1) : undefined;
};
