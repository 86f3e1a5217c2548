import { connect, type Socket } from 'node:net';
import { customerId, fullShow, lines, plainShow } from './sample.ts';

type Play = readonly [status: number, request: string];

const requestText = (start: string, { prefer = '', body = '' } = {}): string => {
  const content = `content-type: application/json\r\ncontent-length: ${body.length}\r\nidempotency-key: warm-up\r\n`;
  const head = `${start} HTTP/1.1\r\nhost: warm-up\r\nx-customer-id: ${customerId}\r\n${prefer}`;
  return `${head}${body && content}\r\n${body}`;
};

const prefer = 'prefer: wait=5\r\n';
const bodyFor = ({ showId }: typeof plainShow): string => JSON.stringify({ showId, lines });
const posts = 'POST /v1/reservations';

/** What customers of a sale send, with the status that each request is answered with. */
const commandPlays = (id: string): readonly Play[] => [
  [201, requestText(posts, { prefer, body: bodyFor(plainShow) })],
  [202, requestText(posts, { body: bodyFor(plainShow) })],
  [409, requestText(posts, { body: bodyFor(fullShow) })],
  [200, requestText(`${posts}/${id}/confirm`, { body: '{}' })],
];

const queryPlays = (id: string): readonly Play[] => [
  [200, requestText(`GET /v1/reservations/${id}`)],
  [200, requestText(`GET /v1/reservations/${id}`, { prefer })],
  [200, requestText(`GET /v1/shows/${plainShow.showId}`)],
];

/** An answer of the sample fits one packet. */
const statusOf = (socket: Socket, request: string): Promise<number> =>
  new Promise((resolve, reject) => {
    socket.once('close', reject).once('data', (answer) => {
      socket.off('close', reject);
      resolve(Number(answer.toString('latin1', 9, 12)));
    });
    socket.write(request);
  });

const connections = 20;

/** Plays requests to a server of this process by its port. `id` is a reservation of the sample's customer. */
export const playApi = (port: number, { roles, id }: { readonly roles: readonly string[]; id: string }) => {
  const plays = [
    ...(roles.includes('command') ? commandPlays(id) : []),
    ...(roles.includes('query') ? queryPlays(id) : []),
  ];
  const sockets = Array.from({ length: connections }, () => connect({ host: '127.0.0.1', port }));
  // Reported by the request that it fails.
  for (const socket of sockets) socket.on('error', () => undefined);
  const playOn = async (socket: Socket): Promise<void> => {
    for (const [status, request] of plays) {
      const answered = await statusOf(socket, request);
      if (answered !== status) throw new Error(`answered ${answered}, not ${status}: ${request}`);
    }
  };
  return {
    play: async (): Promise<void> => void (await Promise.all(sockets.map(playOn))),
    end: (): void => {
      for (const socket of sockets) socket.destroy();
    },
  };
};
