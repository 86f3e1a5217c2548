import { waitUntil } from '../../infra/local/wait-until.ts';

export interface StreamEvent {
  /** Empty where the event has none. */
  readonly id: string;
  readonly data: Record<string, unknown>;
}

/** One text/event-stream as a client sees it. */
export interface StreamListener {
  readonly status: number;
  readonly headers: Headers;
  /** The events so far. */
  readonly events: readonly StreamEvent[];
  /** Resolves with the first event that fits, past or future; throws if none comes. */
  readonly hears: (what: string, fits: (told: StreamEvent) => boolean) => Promise<StreamEvent>;
  /** Resolves when the server has ended the stream. */
  readonly ends: () => Promise<void>;
  /** Closes the connection. */
  readonly close: () => void;
}

const patienceMs = 20_000;

/** Uses fetch, as browsers must: EventSource sends no credentials. */
export const listen = async (
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<StreamListener> => {
  const hangUp = new AbortController();
  const response = await fetch(url, { headers, signal: hangUp.signal });
  const events: StreamEvent[] = [];
  let hasEnded = false;
  const reading = readEvents(response, events).then(
    () => (hasEnded = true),
    () => undefined,
  );
  const until = async (what: string, condition: () => boolean): Promise<void> => {
    if (await waitUntil(condition, { limitMs: patienceMs })) return;
    throw new Error(`not within ${patienceMs} ms: ${what}; heard ${JSON.stringify(events)}`);
  };
  return {
    status: response.status,
    headers: response.headers,
    events,
    hears: async (what, fits) => {
      await until(what, () => events.some(fits));
      return events.find(fits) ?? { id: '', data: {} };
    },
    ends: () => until('the end of the stream', () => hasEnded),
    close: () => {
      hangUp.abort();
      void reading;
    },
  };
};

const readEvents = async ({ body }: Response, events: StreamEvent[]): Promise<void> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const told = parseTold(block);
      if (told) events.push(told);
    }
  }
};

/** Heartbeats and `retry` have no data. */
const parseTold = (block: string): StreamEvent | undefined => {
  const id = /^id: (.*)$/m.exec(block)?.[1];
  const data = /^data: (.*)$/m.exec(block)?.[1];
  return data === undefined ? undefined : { id: id ?? '', data: JSON.parse(data) as Record<string, unknown> };
};
