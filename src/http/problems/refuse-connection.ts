import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Problem, problemText, problemType } from './problem.ts';
import { problems } from './problems.ts';

interface ConnectionError extends Error {
  readonly code?: string;
}

/**
 * Refuses input that never became a request: there is no reply object, so the answer is written to the
 * socket.
 */
export const refuseConnection = (error: ConnectionError, socket: Socket): void => {
  // A silent connection gets no answer: a client that opens pooled connections in advance would read it as
  // the answer to its first request.
  const isSilent = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0;
  if (error.code === 'ECONNRESET' || isSilent) socket.destroy();
  else refuse(socket, problemOf(error));
};

/** For CONNECT, Node passes only the connection. */
export const refuseTunnel = (socket: Duplex): void => {
  socket.on('error', () => {});
  socket.resume();
  refuse(socket, noTunnel, 'Allow: GET, HEAD, POST, PATCH\r\n');
};

/**
 * The time that a client has to read the answer and close. If we closed at once, data that the client still
 * sends would reset the connection and lose the answer.
 */
const lingerMs = 1_000;

/** Connections that were refused already: the parser reports an error for all input that follows. */
const refused = new WeakSet<Duplex>();

const refuse = (socket: Duplex, problem: Problem, fields = ''): void => {
  if (refused.has(socket)) return;
  refused.add(socket);
  const cut = (): void => void socket.destroy();
  const answer = (): void => {
    const before = answerUnderWay(socket);
    // Wait until the answer to the earlier request is sent; otherwise the client would read this one as that
    // answer.
    if (before?.req.complete) before.once('close', answer);
    else if (before?.headersSent) cut();
    else {
      if (socket.writable) socket.end(textOf(problem, fields));
      const linger = setTimeout(cut, lingerMs);
      socket.once('close', () => clearTimeout(linger));
    }
  };
  answer();
};

interface AnswerUnderWay {
  readonly req: Pick<IncomingMessage, 'complete'>;
  readonly headersSent: boolean;
  once(event: 'close', listener: () => void): void;
}

/** The response that is being sent on the connection. Node has it, but no public name for it. */
const answerUnderWay = (
  socket: Duplex & { readonly _httpMessage?: AnswerUnderWay | null },
): AnswerUnderWay | undefined => socket._httpMessage ?? undefined;

const textOf = (problem: Problem, fields: string): string => {
  const { status } = problems[problem.code];
  const body = problemText(problem);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${problemType}\r\nCache-Control: no-store\r\n${fields}Date: ${new Date().toUTCString()}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
};

const problemOf = (error: ConnectionError): Problem => {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        code: 'headers-too-large',
        detail: 'Request line and headers are over 16 KiB. Send fewer or shorter ones.',
      };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { code: 'payload-too-large', detail: 'The chunk extensions of the body are too large.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { code: 'request-timeout', detail: 'The request was not complete in time. Send it again.' };
    default:
      return { code: 'invalid-request', detail: 'The request is not valid HTTP/1.1 (RFC 9112).' };
  }
};

const noTunnel: Problem = {
  code: 'method-not-allowed',
  detail: 'This server is no proxy and does not support CONNECT.',
};
