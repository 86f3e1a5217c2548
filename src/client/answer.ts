import { Unreachable } from './retrying.ts';
import type { components } from './schema.ts';

type ServiceProblem = components['schemas']['Problem'];

/** Why it did not work: a problem of the service's closed list, or one of the two that only a client can have. */
export type Problem = Omit<ServiceProblem, 'code'> & {
  readonly code: ServiceProblem['code'] | 'unreachable' | 'unexpected-answer';
};

/** What came of a call. Only an aborted signal, and what the caller's own functions throw, is an exception. */
export type Answer<Data> =
  | { readonly ok: true; readonly data: Data; readonly status: number; readonly headers: Headers }
  | { readonly ok: false; readonly problem: Problem };

/**
 * What came of a command, and the key it was sent with: with that the same command may be asked for again, by whoever and
 * from wherever, and acts once.
 */
export type CommandAnswer<Data> = Answer<Data> & { readonly key: string };

/** As openapi-fetch answers. */
export interface Fetched<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** `key` where it is a command. */
export const answerOf = async <Data>(
  asked: Promise<Fetched<Data>>,
  key?: string,
): Promise<Answer<NonNullable<Data>>> => {
  try {
    const { data, error, response } = await asked;
    const { status, headers } = response;
    if (response.ok && data !== undefined && data !== null) return { ok: true, data, status, headers };
    return { ok: false, problem: parseProblem(error) ?? unexpected(status) };
  } catch (error) {
    if (error instanceof Unreachable) return { ok: false, problem: unreachable(error, key) };
    // Not JSON although it was 200: something on the way answers in our place.
    if (error instanceof SyntaxError) return { ok: false, problem: unexpected(200) };
    throw error;
  }
};

export type KeyHeader = { readonly 'idempotency-key': string };

/** Sends a command, with a key of its own if it was given none. */
export const commandAnswerOf = async <Data>(
  given: string | undefined,
  send: (header: KeyHeader) => Promise<Fetched<Data>>,
): Promise<CommandAnswer<NonNullable<Data>>> => {
  const key = given ?? crypto.randomUUID();
  const quoted = `"${key.replaceAll(/["\\]/g, '\\$&')}"`;
  return { ...(await answerOf(send({ 'idempotency-key': quoted }), key)), key };
};

const parseProblem = (error: unknown): Problem | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error
    ? (error as Problem)
    : undefined;

const unreachable = (error: Unreachable, key: string | undefined): Problem => ({
  type: 'about:blank',
  title: 'No answer',
  status: 0,
  detail:
    key === undefined
      ? `${error.message}. If it was to change something, look first whether it did, and ask again.`
      : `${error.message}. Whether the command was carried out is not certain: ask again with the same key, ${JSON.stringify(key)}.`,
  code: 'unreachable',
});

const unexpected = (status: number): Problem => ({
  type: 'about:blank',
  title: 'Not an answer of onsale',
  status,
  detail: `Something answered ${status} in a form that is not the service's. Check the address.`,
  code: 'unexpected-answer',
});
