import type { Answer, EventBody } from './answer.ts';
import { pause } from './retrying.ts';

type WatchName = 'watchReservation' | 'watchShow';

/** How to open and read the stream of one resource. */
export interface WatchSource<Name extends WatchName, State> {
  /** Opens the stream after the last event that was seen; 'over' when no more will come. */
  open(lastEventId: string | undefined): Promise<Answer<Name, { readonly 200: EventBody }> | 'over'>;
  parse(data: string): State;
  isFinal(state: State): boolean;
  readonly signal: AbortSignal | undefined;
}

/** The position in a stream: the value for Last-Event-ID, and the pause before a reconnect. */
interface StreamPosition {
  lastEventId?: string;
  retryMs: number;
}

// The state of a show with a hundred pools and long names is a tenth of this.
const eventLengthMax = 1_048_576;

// Heartbeats come every 15 s, so after this silence the connection is broken, although neither side closed
// it.
const silenceMsMax = 40_000;

export type Watching<Name extends WatchName, State> = AsyncGenerator<
  Answer<Name, { readonly 200: State }>,
  void
>;

/**
 * The states of a resource, from the current one to the last. Reconnects with Last-Event-ID when a stream
 * breaks, so that no state is yielded twice. If a problem occurs, it is the last value.
 */
export async function* watching<Name extends WatchName, State>(
  watched: WatchSource<Name, State>,
): Watching<Name, State> {
  const place: StreamPosition = { retryMs: 1_000 };
  for (;;) {
    const stream = await watched.open(place.lastEventId);
    if (stream === 'over') return;
    if (!stream.ok) return yield stream;
    for await (const state of statesIn(stream.data, place, watched)) {
      yield { ...stream, data: state };
      if (watched.isFinal(state)) return;
    }
    watched.signal?.throwIfAborted();
    await pause((0.5 + Math.random()) * place.retryMs, watched.signal);
  }
}

async function* statesIn<State>(
  body: EventBody,
  place: StreamPosition,
  { parse }: Pick<WatchSource<WatchName, State>, 'parse'>,
): AsyncGenerator<State, void> {
  for await (const { id, data, retryMs } of readEvents(body)) {
    place.retryMs = retryMs ?? place.retryMs;
    if (id !== undefined) place.lastEventId = id;
    if (data !== undefined) yield parse(data);
  }
}

interface ServerEvent {
  readonly id?: string;
  readonly data?: string;
  readonly retryMs?: number;
}

/**
 * The messages of a stream until it ends or breaks; the caller reconnects in both cases. Leaving the loop
 * closes the connection.
 */
async function* readEvents(body: EventBody): AsyncGenerator<ServerEvent, void> {
  // A reader and not `for await`, because not every browser can iterate over a body.
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let tail = '';
  try {
    for (;;) {
      const { done, value } = await readInTime(reader).catch(() => broken);
      if (done || value === undefined) return;
      const piece = decoder.decode(value, { stream: true });
      text += piece;
      // Only the new text is searched for the end of an event, plus the tail before it, because the end may
      // be split between two chunks.
      const recent = tail + piece;
      tail = recent.slice(-3);
      if (text.length > eventLengthMax) return;
      if (!/\n\r?\n/.test(recent)) continue;
      const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) yield parseEvent(block);
    }
  } finally {
    // A body that has broken cannot be cancelled, and need not be.
    await reader.cancel().catch(() => {});
  }
}

const broken = { done: true, value: undefined };

interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array<ArrayBuffer> | undefined }>;
}

const readInTime = (reader: Reader): ReturnType<Reader['read']> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing was heard for ${silenceMsMax} ms`)), silenceMsMax);
  });
  return Promise.race([reader.read(), late]).finally(() => clearTimeout(timer));
};

const parseEvent = (block: string): ServerEvent => {
  const fields = block.split('\n').map((line) => /^(id|data|retry): ?(.*)$/s.exec(line));
  const all = (name: string): readonly string[] =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const [id, retry, data] = [all('id').at(-1), all('retry').at(-1), all('data')];
  return {
    ...(id !== undefined && { id }),
    ...(data.length > 0 && { data: data.join('\n') }),
    ...(retry !== undefined && /^\d{1,6}$/.test(retry) && { retryMs: Number(retry) }),
  };
};
