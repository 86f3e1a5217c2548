import { Unreachable } from './retrying.ts';
import type { components, operations } from './schema.ts';

type ServiceProblem = components['schemas']['Problem'];

/** Why there is no answer of the service: one of the two problems that only a client can have. */
export type ClientProblem = Omit<ServiceProblem, 'code'> & {
  readonly code: 'unreachable' | 'unexpected-answer';
};

/** Why it did not work: a problem of the service's closed list, or one of the client's own. */
export type Problem = ServiceProblem | ClientProblem;

/** A call of the contract, by its name in the OpenAPI document. */
export type CallName = keyof operations;

type Responses<Name extends CallName> = operations[Name]['responses'];
type GoodStatus = 200 | 201 | 202;
// 204 and 304 answer headers that this client sends only where it deals with them itself.
type RefusalStatus<Name extends CallName> = Exclude<keyof Responses<Name>, GoodStatus | 204 | 304> & number;

export type EventBody = ReadableStream<Uint8Array<ArrayBuffer>>;

/** What the contract answers, by status. */
export type Contract<Name extends CallName> = {
  readonly [Status in keyof Responses<Name> & GoodStatus]: Responses<Name>[Status] extends {
    readonly content: { readonly 'application/json': infer Body };
  }
    ? Body
    : EventBody;
};

export interface Success<Status extends number, Data> {
  readonly ok: true;
  readonly status: Status;
  readonly data: Data;
  readonly headers: Headers;
}

export interface Refusal<Status extends number> {
  readonly ok: false;
  readonly status: Status;
  readonly problem: ServiceProblem;
  readonly headers: Headers;
}

/** Nothing that onsale would have answered. */
export interface NoAnswer {
  readonly ok: false;
  readonly status: 0;
  readonly problem: ClientProblem;
}

/**
 * What came of a call, to be told apart by `status` or by `ok`. `Data` says for each status what is answered with it. Only an
 * aborted signal, and what the caller's own functions throw, is an exception.
 */
export type Answer<Name extends CallName, Data = Contract<Name>> =
  | { readonly [Status in keyof Data & number]: Success<Status, Data[Status]> }[keyof Data & number]
  | Refusal<RefusalStatus<Name>>
  | NoAnswer;

/**
 * What came of a command, and the key it was sent with: with that the same command may be asked for again, by whoever and
 * from wherever, and acts once.
 */
export type CommandAnswer<Name extends CallName, Data = Contract<Name>> = Answer<Name, Data> & {
  readonly key: string;
};

/** As openapi-fetch answers. */
export interface FetchResult<Data> {
  readonly data?: Data | null;
  readonly error?: unknown;
  readonly response: Response;
}

type Body<Name extends CallName> = Contract<Name>[keyof Contract<Name>];

/** `Data` may say more than the contract, never less. `key` where it is a command. */
export const answerOf = async <Name extends CallName, Data extends Contract<Name> = Contract<Name>>(
  asked: Promise<FetchResult<Body<Name>>>,
  key?: string,
): Promise<Answer<Name, Data>> => {
  try {
    return parseAnswer(await asked);
  } catch (error) {
    if (error instanceof Unreachable) return unreachable(error, key);
    // Not JSON although it was 200: something on the way answers in our place.
    if (error instanceof SyntaxError) return unexpected(200);
    throw error;
  }
};

export type KeyHeader = { readonly 'idempotency-key': string };

/** Sends a command, with a key of its own if it was given none. */
export const commandAnswerOf = async <Name extends CallName, Data extends Contract<Name> = Contract<Name>>(
  given: string | undefined,
  send: (header: KeyHeader) => Promise<FetchResult<Body<Name>>>,
): Promise<CommandAnswer<Name, Data>> => {
  const key = given ?? crypto.randomUUID();
  const quoted = `"${key.replaceAll(/["\\]/g, '\\$&')}"`;
  return { ...(await answerOf<Name, Data>(send({ 'idempotency-key': quoted }), key)), key };
};

/** Which statuses there are, and what comes with each, is the word of the contract. */
const parseAnswer = <Name extends CallName, Data>({
  data,
  error,
  response,
}: FetchResult<unknown>): Answer<Name, Data> => {
  const { ok, status, headers } = response;
  const problem = parseProblem(error);
  if (ok && data !== undefined && data !== null) return { ok, status, data, headers } as Answer<Name, Data>;
  if (problem) return { ok: false, status, problem, headers } as Answer<Name, Data>;
  return unexpected(status);
};

const parseProblem = (error: unknown): ServiceProblem | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error
    ? (error as ServiceProblem)
    : undefined;

const noAnswer = (problem: Omit<ClientProblem, 'type'>): NoAnswer => ({
  ok: false,
  status: 0,
  problem: { type: 'about:blank', ...problem },
});

const unreachable = (error: Unreachable, key: string | undefined): NoAnswer =>
  noAnswer({
    title: 'No answer',
    status: 0,
    detail:
      key === undefined
        ? `${error.message}. If it was to change something, look first whether it did, and ask again.`
        : `${error.message}. Whether the command was carried out is not certain: ask again with the same key, ${JSON.stringify(key)}.`,
    code: 'unreachable',
  });

const unexpected = (status: number): NoAnswer =>
  noAnswer({
    title: 'Not an answer of onsale',
    status,
    detail: `Something answered ${status} in a form that is not the service's. Check the address.`,
    code: 'unexpected-answer',
  });
