export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly problem: ProblemAnswer | undefined;
}

interface ProblemAnswer {
  readonly code: string;
  readonly status: number;
}

/** All answers on a connection, by the rules of framing; throws on bytes that follow no such rule. */
export const readAnswers = (bytes: string): readonly WholeAnswer[] => {
  const answers: WholeAnswer[] = [];
  let rest = bytes;
  while (rest !== '') {
    const { answer, length } = readOne(rest);
    answers.push(answer);
    rest = rest.slice(length);
  }
  return answers;
};

const readOne = (bytes: string): { readonly answer: WholeAnswer; readonly length: number } => {
  const end = bytes.indexOf('\r\n\r\n');
  const [line = '', ...fields] = bytes.slice(0, end).split('\r\n');
  const [, digits] = /^HTTP\/1\.1 (\d{3}) [ -~]+$/.exec(line) ?? [];
  if (end < 0 || digits === undefined) throw new Error(`this is no answer: ${bytes.slice(0, 200)}`);
  const headers = Object.fromEntries(fields.map(fieldOf));
  const status = Number(digits);
  const bodyLength = status < 200 || status === 204 || status === 304 ? 0 : Number(headers['content-length']);
  const length = end + 4 + bodyLength;
  if (!(length <= bytes.length)) throw new Error(`this answer is cut: ${bytes.slice(0, 200)}`);
  const text = bytes.slice(end + 4, length);
  return { answer: { status, headers, text, problem: problemOf({ status, headers, text }) }, length };
};

const fieldOf = (line: string): readonly [name: string, value: string] => {
  const [, name, value] = /^([\w-]+): (.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`this is no header: ${line}`);
  return [name.toLowerCase(), value];
};

/** The problem of an error: every error must be a problem, and must not be cached. */
const problemOf = ({ status, headers, text }: Omit<WholeAnswer, 'problem'>): ProblemAnswer | undefined => {
  if (status < 400) return undefined;
  if (headers['content-type'] !== 'application/problem+json')
    throw new Error(`${status} is no problem: ${text}`);
  if (headers['cache-control'] !== 'no-store') throw new Error(`${status} may be cached: ${text}`);
  const problem = parseProblem(text);
  if (problem.status !== status) throw new Error(`${status} says that it is ${problem.status}`);
  return problem;
};

const parseProblem = (text: string): ProblemAnswer => JSON.parse(text) as ProblemAnswer;
