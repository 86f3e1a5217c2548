import { Unreachable } from './retrying.ts';
import type { components, operations } from './schema.ts';

type ServiceProblem = components['schemas']['Problem'];

/** Why there is no answer of the service: one of the two problems that only a client can have. */
export type ClientProblem = Omit<ServiceProblem, 'code'> & {
  readonly code: 'unreachable' | 'unexpected-answer';
};

/** Why the call did not succeed: a problem of the service's closed list, or one of the client's own. */
export type Problem = ServiceProblem | ClientProblem;

/** A call of the contract, by its name in the OpenAPI document. */
export type CallName = keyof operations;

type Responses<Name extends CallName> = operations[Name]['responses'];
type GoodStatus = 200 | 201 | 202;
// 204 and 304 answer headers that this client sends only where it handles these statuses itself.
type RefusalStatus<Name extends CallName> = Exclude<keyof Responses<Name>, GoodStatus | 204 | 304> & number;

export type EventBody = ReadableStream<Uint8Array<ArrayBuffer>>;

/** The bodies of the contract, by status. */
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

/** No answer, or none that onsale would give. */
export interface NoAnswer {
  readonly ok: false;
  readonly status: 0;
  readonly problem: ClientProblem;
}

/**
 * The result of a call; switch on `status` or `ok`. `Data` gives the body for each status. Throws only the
 * reason of an aborted signal, and errors of the caller's own functions.
 */
export type Answer<Name extends CallName, Data = Contract<Name>> =
  | { readonly [Status in keyof Data & number]: Success<Status, Data[Status]> }[keyof Data & number]
  | Refusal<RefusalStatus<Name>>
  | NoAnswer;

/**
 * The result of a command, and the key it was sent with. The same command may be sent again with this key, by
 * any process and from any machine, and acts only once.
 */
export type CommandAnswer<Name extends CallName, Data = Contract<Name>> = Answer<Name, Data> & {
  readonly key: string;
};

/** The result of a call of openapi-fetch. */
export interface FetchResult<Data> {
  readonly data?: Data | null;
  readonly error?: unknown;
  readonly response: Response;
}

type Body<Name extends CallName> = Contract<Name>[keyof Contract<Name>];

/**
 * `Data` may be narrower than the contract, never wider. `advice` says what to do where it is not certain
 * whether the call was carried out.
 */
export const answerOf = async <Name extends CallName, Data extends Contract<Name> = Contract<Name>>(
  asked: Promise<FetchResult<Body<Name>>>,
  advice = 'If it was to change something, look first whether it did, and ask again.',
): Promise<Answer<Name, Data>> => {
  try {
    return parseAnswer(await asked);
  } catch (error) {
    if (error instanceof Unreachable) return unreachable(error, advice);
    // The status was 200 but the body is not JSON: a proxy answered instead of the service.
    if (error instanceof SyntaxError) return unexpected(200);
    throw error;
  }
};

export type KeyHeader = { readonly 'idempotency-key': string };

/** Sends a command, with a new key if none is given. */
export const commandAnswerOf = async <Name extends CallName, Data extends Contract<Name> = Contract<Name>>(
  given: string | undefined,
  send: (header: KeyHeader) => Promise<FetchResult<Body<Name>>>,
): Promise<CommandAnswer<Name, Data>> => {
  const key = given ?? crypto.randomUUID();
  const advice = `Whether the command was carried out is not certain: ask again with the same key, ${JSON.stringify(key)}.`;
  return { ...(await answerOf<Name, Data>(send({ 'idempotency-key': quotedKey(key) }), advice)), key };
};

/** A key in the form that takes all characters that a key may have. */
export const quotedKey = (key: string): string => `"${key.replaceAll(/["\\]/g, '\\$&')}"`;

/** The cast trusts the contract: it defines the statuses, and the body of each. */
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

const unreachable = (error: Unreachable, advice: string): NoAnswer =>
  noAnswer({
    title: 'No answer',
    status: 0,
    detail: `${error.message}. ${advice}`,
    code: 'unreachable',
  });

const unexpected = (status: number): NoAnswer =>
  noAnswer({
    title: 'Not an answer of onsale',
    status,
    detail: `Something answered ${status} in a form that is not the service's. Check the address.`,
    code: 'unexpected-answer',
  });
