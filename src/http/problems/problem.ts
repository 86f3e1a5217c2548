import { type ProblemCode, problems } from './problems.ts';

/**
 * One part of a request that breaks the contract. `#/…` is a JSON pointer into the body, `?name` a query
 * parameter.
 */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** An error as an RFC 9457 answer. Expected refusals are values of this type, not exceptions. */
export interface Problem {
  readonly code: ProblemCode;
  /** What happened, and what the client should do next. */
  readonly detail: string;
  /** The resource that the problem is about, where there is one. */
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** Headers in addition to those that follow from the other members. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members. */
  readonly members?: Readonly<Record<string, string | number | boolean>>;
}

export const problemType = 'application/problem+json';

/** `traceId` where a trace of the request is kept: the client can name it to the operators. */
export const problemBody = ({ code, detail, instance, errors, members }: Problem, traceId?: string) => {
  const { title, status } = problems[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    instance,
    code,
    errors,
    ...members,
    trace_id: traceId,
  };
};

export const problemText = (problem: Problem, traceId?: string): string =>
  JSON.stringify(problemBody(problem, traceId));

export const invalidRequest = (errors: readonly FieldError[]): Problem => ({
  code: 'invalid-request',
  detail: errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '),
  errors,
});

export interface ProblemErrorOptions extends ErrorOptions {
  /** The server that could not be reached. An outage is logged, a client's mistake is not. */
  readonly dependency?: string;
}

/**
 * Carries a problem through code that only passes exceptions on: fastify's parsers and validators, and calls
 * of failed servers.
 */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly dependency: string | undefined;

  constructor(problem: Problem, { dependency, ...options }: ProblemErrorOptions = {}) {
    super(problem.detail, options);
    this.name = 'ProblemError';
    this.problem = problem;
    this.dependency = dependency;
  }
}
