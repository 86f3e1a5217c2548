import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

export interface Stream {
  readonly response: IncomingMessage;
  /** The next block, up to an empty line; undefined when the stream has ended. */
  next(): Promise<string | undefined>;
  close(): void;
}

/** One event stream over a real connection. */
export const openStream = async (
  app: FastifyInstance,
  path: string,
  headers: Record<string, string> = {},
): Promise<Stream> => {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const asked = get({ host: '127.0.0.1', port, path, headers, agent: false });
  const [response]: IncomingMessage[] = await once(asked, 'response');
  if (!response) throw new Error('no response');
  const blocks = blocksOf(response);
  return {
    response,
    next: async () => (await blocks.next()).value,
    close: () => asked.destroy(),
  };
};

async function* blocksOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      yield text.slice(0, at);
      text = text.slice(at + 2);
    }
  }
  return undefined;
}

/** The id and the data of the event in a block. */
export const eventIn = (block: string | undefined): { id: string; data: Record<string, unknown> } => {
  const found = /^id: (.*)\ndata: (.*)$/.exec(block ?? '');
  if (!found) throw new Error(`no event: ${block}`);
  return { id: found[1] ?? '', data: JSON.parse(found[2] ?? '') };
};
