import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type Problem, problemText, problemType } from './problem.ts';
import { problems } from './problems.ts';

interface ConnectionError extends Error {
  readonly code?: string;
}

/** What never became a request: there is no reply object yet, so the answer is written by hand. */
export const refuseConnection = (error: ConnectionError, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(error);
  const { status } = problems[problem.code];
  const body = problemText(problem);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
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
      return { code: 'invalid-request', detail: 'This is not HTTP/1.1 as RFC 9112 has it.' };
  }
};
