import { problemType } from './problem.ts';
import { type ProblemCode, problems } from './problems.ts';

interface ProblemResponse {
  readonly description: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** One OpenAPI response for each status, with an example for each code that has this status. */
export const problemResponses = (codes: readonly ProblemCode[]): Readonly<Record<number, ProblemResponse>> =>
  Object.fromEntries(
    [...new Set(codes.map(statusOf))].map((status) => [
      status,
      response(codes.filter((code) => statusOf(code) === status)),
    ]),
  );

const statusOf = (code: ProblemCode): number => problems[code].status;

const response = (codes: readonly ProblemCode[]): ProblemResponse => ({
  description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
  content: {
    [problemType]: {
      schema: { $ref: 'Problem#' },
      examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
    },
  },
});

const example = (code: ProblemCode): object => {
  const { status, title, explanation } = problems[code];
  return { type: `/problems/${code}`, title, status, detail: explanation, code };
};
