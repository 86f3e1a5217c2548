import type { Link } from './link.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Trace } from './trace.ts';
import { type Fate, fateOf, type Weather } from './weather.ts';
import { type Wire, WireCut } from './wire.ts';

/** The server at the end of a wire and the state of the network on the way to it. */
export interface WirePath {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly trace: Trace;
  readonly isUp: () => boolean;
  readonly weather: () => Weather;
}

export interface WireOptions {
  /** Without an answer for so long, the connection is closed. */
  readonly timeoutMs: number;
  /** The error that the server sometimes answers with instead of doing anything. */
  readonly error?: () => Error;
}

const noticeMs = 1;
const reconnectMs = 20;

/**
 * A wire with every possible fault: delay, loss in either direction, a cut, and an answer that arrives long
 * after the call timed out.
 */
export const newFaultyWire = (link: Link, road: WirePath, { timeoutMs, error }: WireOptions): Wire => {
  const { scheduler, random } = road;
  const { machine } = link;
  const delay = (): number => road.weather().delayMs * (0.2 + random.next() ** 4 * 12);
  const between = `${machine.name}>${road.name}`;
  const note = (what: string): void => road.trace.note(scheduler.nowMs(), between, what);
  const isConnected = (): boolean => road.isUp() && !link.isCut();

  /** A request in flight when the connection breaks may have reached the server already. */
  const arrives = (generation: number, fate: Fate): boolean =>
    road.isUp() && (link.generation() === generation || fate === 'belated' || random.chance(0.5));

  const send = (fate: Fate, arrive: () => void): void => {
    if (fate === 'lost') return;
    const onTheWayMs = fate === 'belated' ? timeoutMs + delay() * 100 : delay();
    const atMs = fate === 'belated' ? scheduler.nowMs() + onTheWayMs : link.arrivalMs(onTheWayMs);
    scheduler.after(atMs - scheduler.nowMs(), arrive);
  };

  return {
    ask: (what, effect) =>
      new Promise((resolve, reject) => {
        const fail = (sent: boolean) => (): void =>
          machine.deliver(() => reject(new WireCut(what, { sent })));
        if (!isConnected()) return void scheduler.after(noticeMs, fail(false));
        const generation = link.generation();
        const fate = fateOf(road.weather(), random.next());
        const stopWaiting = scheduler.after(timeoutMs, () => link.cut(reconnectMs));
        const forget = link.open(() => {
          stopWaiting();
          fail(true)();
        });
        const reply = (say: () => void): void => {
          if (link.generation() !== generation) return;
          stopWaiting();
          forget();
          machine.deliver(say);
        };
        send(fate, () => {
          if (!arrives(generation, fate)) return;
          const isRefused = fate === 'refused' && error !== undefined;
          note(fate === 'answered' ? what : `${what} (${fate})`);
          void answerOf(isRefused ? () => raise(error()) : effect).then((answer) => {
            if (fate === 'answered' || fate === 'refused')
              scheduler.after(delay(), () => reply(() => answer(resolve, reject)));
          });
        });
      }),
    tell: (what, deliver) => {
      const generation = link.generation();
      const isLost = random.chance(road.weather().unanswered);
      scheduler.after(delay(), () => {
        if (isLost || link.generation() !== generation || !isConnected()) return;
        note(`told ${what}`);
        machine.deliver(deliver);
      });
    },
    connection: () => link.generation(),
  };
};

type Answer<T> = (resolve: (value: T) => void, reject: (error: unknown) => void) => void;

/** The effect happens at once; a server that has to wait for a lock answers later. */
const answerOf = async <T>(effect: () => T): Promise<Answer<Awaited<T>>> => {
  try {
    const value = await effect();
    return (resolve) => resolve(value);
  } catch (error) {
    return (_resolve, reject) => reject(error);
  }
};

const raise = (error: Error): never => {
  throw error;
};
