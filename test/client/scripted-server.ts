import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly atMs: number;
}

export type Reply = (response: ServerResponse, seen: Seen) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** The replies to the next requests, in order; the last one is repeated for all that follow. */
  replies(...replies: readonly Reply[]): void;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
};

/** An HTTP server that answers exactly as the test says. */
export const startScriptedServer = async (): Promise<ScriptedServer> => {
  let seen: Seen[] = [];
  let planned: Reply[] = [];
  const take = (): Reply | undefined => (planned.length > 1 ? planned.shift() : planned[0]);
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: await bodyOf(request), atMs: performance.now() };
    seen.push(one);
    take()?.(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the service has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get seen() {
      return seen;
    },
    replies: (...replies) => {
      planned = [...replies];
      seen = [];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

export const problem = (
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Reply =>
  json(
    status,
    { type: `/problems/${code}`, title: code, status, detail: 'as the test wants it', code },
    { 'content-type': 'application/problem+json', ...headers },
  );

export const drop: Reply = (response) => void response.destroy();

/** Sends half an answer and cuts the connection. */
export const half: Reply = (response) => {
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"id":', () => response.destroy());
};

export const never: Reply = () => {};

/** A stream of events that ends normally. */
export const events =
  (...texts: readonly string[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(texts.join(''));
  };

/** A stream of events that breaks. */
export const brokenEvents =
  (...texts: readonly string[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(texts.join(''), () => response.destroy());
  };
