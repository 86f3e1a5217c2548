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

/** As openapi-fetch answers. */
export interface Fetched<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

export const answerOf = async <Data>(asked: Promise<Fetched<Data>>): Promise<Answer<NonNullable<Data>>> => {
  try {
    const { data, error, response } = await asked;
    const { status, headers } = response;
    if (response.ok && data !== undefined && data !== null) return { ok: true, data, status, headers };
    return { ok: false, problem: parseProblem(error) ?? unexpected(status) };
  } catch (error) {
    if (error instanceof Unreachable) return { ok: false, problem: unreachable(error) };
    // Not JSON although it was 200: something on the way answers in our place.
    if (error instanceof SyntaxError) return { ok: false, problem: unexpected(200) };
    throw error;
  }
};

const parseProblem = (error: unknown): Problem | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error
    ? (error as Problem)
    : undefined;

const unreachable = (error: Unreachable): Problem => ({
  type: 'about:blank',
  title: 'No answer',
  status: 0,
  detail: `${error.message}. Whether the request was carried out is not certain: ask again with the same key.`,
  code: 'unreachable',
});

const unexpected = (status: number): Problem => ({
  type: 'about:blank',
  title: 'Not an answer of onsale',
  status,
  detail: `Something answered ${status} in a form that is not the service's. Check the address.`,
  code: 'unexpected-answer',
});
