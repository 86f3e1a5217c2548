import { patience } from '../../infra/local/wait-until.ts';
import { type Answer, type Call, call } from './client.ts';
import type { Onsale } from './onsale.ts';
import { assert } from './suite.ts';

/** The promise for every answer that its client did not ask to wait for. */
export const answerMsMax = 2_000;

/** One call and the answers that it may get: their status, and their code where it is a problem. */
export interface Expected {
  readonly name: string;
  readonly path: string;
  readonly call?: Call;
  readonly answers: readonly string[];
  readonly limitMs?: number;
  /** The call is made on the ops port. */
  readonly isOps?: boolean;
}

export const answeredAs = ({ status, body }: Answer): string =>
  typeof body['code'] === 'string' ? `${status} ${body['code']}` : String(status);

/** Makes all calls at once; each must be answered as expected, within its limit. */
export const assertAnswers = async (
  { url, opsUrl }: Pick<Onsale, 'url' | 'opsUrl'>,
  expected: readonly Expected[],
): Promise<readonly Answer[]> =>
  await Promise.all(
    expected.map(async ({ name, path, call: how, answers, limitMs = answerMsMax, isOps }) => {
      const beganMs = performance.now();
      const answer = await call(`${isOps ? opsUrl : url}${path}`, how);
      const tookMs = Math.round(performance.now() - beganMs);
      const answered = answeredAs(answer);
      assert.ok(answers.includes(answered), `${name}: ${answered} ${JSON.stringify(answer.body)}`);
      if (answer.status === 503 && !isOps)
        assert.ok(Number(answer.headers.get('retry-after')) >= 1, `${name}: no Retry-After`);
      assert.ok(tookMs <= limitMs * patience(), `${name}: answered after ${tookMs} ms, not ${limitMs}`);
      return answer;
    }),
  );

export interface ExpectedToStay extends Expected {
  /** The answer that is still given towards the end. */
  readonly stays: string;
  readonly forMs: number;
}

/** Makes one call again and again. Resolves to all answers. */
export const assertStays = async (
  target: Pick<Onsale, 'url' | 'opsUrl'>,
  { stays, forMs, ...expected }: ExpectedToStay,
): Promise<readonly Answer[]> => {
  const beganMs = performance.now();
  const sinceMs = (): number => Math.round(performance.now() - beganMs);
  const all: Answer[] = [];
  let lastMs = 0;
  while (sinceMs() < forMs) {
    const answers = await assertAnswers(target, [expected]);
    if (answers.some((answer) => answeredAs(answer) === stays)) lastMs = sinceMs();
    all.push(...answers);
  }
  assert.ok(lastMs > forMs / 2, `${expected.name}: ${stays} for no longer than ${lastMs} ms`);
  return all;
};

export interface ExpectedStream {
  readonly path: string;
  readonly customer: string;
  readonly statuses: readonly number[];
}

/** The head of the answer must come in time. A stream that opens is closed again: it would not end. */
export const assertStreamAnswer = async (
  { url }: Pick<Onsale, 'url'>,
  { path, customer, statuses }: ExpectedStream,
): Promise<void> => {
  const hangUp = new AbortController();
  const beganMs = performance.now();
  const headers = { 'x-customer-id': customer };
  const { status } = await fetch(`${url}${path}`, { headers, signal: hangUp.signal });
  const tookMs = Math.round(performance.now() - beganMs);
  hangUp.abort();
  assert.ok(statuses.includes(status), `${path}: ${status}`);
  assert.ok(tookMs <= answerMsMax * patience(), `${path}: answered after ${tookMs} ms`);
};
