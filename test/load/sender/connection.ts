import { connect, type Socket } from 'node:net';
import { readAnswers } from './read-answers.ts';

/** One request at a time; `answered` gets its status, or undefined if the connection failed first. */
export interface Connection {
  readonly send: (request: string, answered: (status: number | undefined) => void) => void;
  readonly close: () => void;
}

/**
 * HTTP/1.1 on a bare socket. A full client would cost as much as the server that it measures, on the same
 * cores. This one writes prepared text and parses only status and length of an answer.
 */
export const openConnection = (origin: string): Promise<Connection> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(over(socket));
    });
  });

const over = (socket: Socket): Connection => {
  let waiting: ((status: number | undefined) => void) | undefined;
  let failed = false;
  const answer = (status: number | undefined): void => {
    const answered = waiting;
    waiting = undefined;
    answered?.(status);
  };
  const fail = (): void => {
    failed = true;
    socket.destroy();
    answer(undefined);
  };
  socket.on('data', readAnswers({ onAnswer: answer, onNonsense: fail }));
  socket.once('error', fail);
  socket.once('close', fail);
  return {
    send: (request, answered) => {
      if (failed) return answered(undefined);
      waiting = answered;
      socket.write(request, 'latin1');
    },
    close: () => socket.destroy(),
  };
};
