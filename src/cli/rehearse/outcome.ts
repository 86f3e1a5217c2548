import type { Reply } from './sender.ts';

/** What an answer means to the client. */
export type Outcome =
  | { readonly type: 'queued'; readonly id: string }
  | { readonly type: 'decided'; readonly id: string; readonly status: string }
  /** A decision. `refused` comes from the door instead, and leaves no record. */
  | { readonly type: 'rejected'; readonly id: string; readonly code: string }
  | { readonly type: 'refused'; readonly code: string }
  | {
      readonly type: 'try-again';
      readonly code: string;
      readonly detail: string;
      readonly afterMs: number;
      /** `none`: the request may have arrived; `not-sent`: it did not. */
      readonly answer: 'some' | 'none' | 'not-sent';
    }
  /** The rehearsal is over; nothing is sent any more. */
  | { readonly type: 'cut-short' }
  /** The caller was refused: the token given to the rehearsal is at fault. */
  | { readonly type: 'denied'; readonly code: string; readonly detail: string }
  /** No client should ever get this answer. */
  | { readonly type: 'odd'; readonly text: string };

export type HttpAnswer = Extract<Reply, { readonly type: 'answer' }>;

export const outcomeOf = (reply: Reply): Outcome => {
  if (reply.type === 'cut-short') return reply;
  if (reply.type === 'no-answer')
    return { type: 'try-again', code: reply.code, detail: reply.why, afterMs: 0, answer: 'none' };
  if (reply.type === 'not-sent')
    return { type: 'try-again', code: 'this-machine', detail: reply.why, afterMs: 0, answer: 'not-sent' };
  const { status } = reply;
  if (status >= 200 && status < 300) return ofSuccess(reply);
  return passing(reply) ?? denied(reply) ?? (status === 409 ? ofRefusal(reply) : odd(reply));
};

/** A gateway answered because it could not reach the service. */
export const isGateway = ({ status, body }: HttpAnswer): boolean =>
  typeof body['code'] !== 'string' && (status === 502 || status === 503 || status === 504);

const denied = ({ status, body: { code, detail } }: HttpAnswer): Outcome | undefined =>
  (status === 401 || status === 403) && typeof code === 'string'
    ? { type: 'denied', code, detail: String(detail) }
    : undefined;

/** How an answer is counted: its status, and the code of a problem. */
export const answerName = ({ status, body }: HttpAnswer): string =>
  typeof body['code'] === 'string' && status >= 400 ? `${status} ${body['code']}` : String(status);

const odd = ({ status, body }: HttpAnswer): Outcome => ({
  type: 'odd',
  text: `${status} ${JSON.stringify(body)}`.slice(0, 300),
});

const ofSuccess = (reply: HttpAnswer): Outcome => {
  const { id, status, reason } = reply.body;
  if (typeof id !== 'string') return odd(reply);
  if (reply.status === 202 || status === 'pending') return { type: 'queued', id };
  if (status === 'rejected') return { type: 'rejected', id, code: String(reason) };
  return { type: 'decided', id, status: String(status) };
};

const ofRefusal = (reply: HttpAnswer): Outcome => {
  const { code, instance } = reply.body;
  if (typeof code !== 'string') return odd(reply);
  const id = typeof instance === 'string' ? instance.split('/').at(-1) : undefined;
  return id === undefined ? { type: 'refused', code } : { type: 'rejected', id, code };
};

/** Answers after which a client should retry: a rate limit, a service in trouble, or a gateway without a backend. */
const passing = (reply: HttpAnswer): Outcome | undefined => {
  const { status, body, retryAfterMs: afterMs } = reply;
  const { code, detail } = body;
  if (typeof code === 'string')
    return status === 429 || status === 503
      ? { type: 'try-again', code, detail: String(detail), afterMs, answer: 'some' }
      : undefined;
  return isGateway(reply)
    ? { type: 'try-again', code: `status ${status}`, detail: 'a gateway answered', afterMs, answer: 'none' }
    : undefined;
};
