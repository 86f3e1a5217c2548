import type { ReservationStatus } from '../../src/domain/reservation.ts';
import { cancelling, changing, confirming, extending } from './ask.ts';
import { line, opening, request } from './generate.ts';
import { inAWord, type Story } from './story.ts';

type State = Exclude<ReservationStatus, 'pending'>;

/** One cell of the table "state × command": the request about reservation 1, and its expected result. */
export interface Cell {
  readonly promise: string;
  readonly play: (story: Story) => string;
  readonly answer: string;
  readonly becomes: State;
  /** Places of the pool of 10 that are held and confirmed afterwards. */
  readonly pool: readonly [held: number, confirmed: number];
}

/** Runs the story up to a reservation of 4 places in this state. */
const reach: Readonly<Record<State, (story: Story) => void>> = {
  held: (story) => reserve(story, { holdSeconds: 60 }),
  confirmed: (story) => reserve(story, {}),
  expired: (story) => {
    reach.held(story);
    story.lapse(1);
  },
  cancelled: (story) => {
    reach.held(story);
    story.ask(cancelling(1));
  },
  rejected: (story) => reserve(story, { closed: true }),
};

const reserve = (story: Story, rules: Parameters<typeof opening>[1]): void => {
  story.ask(opening({ stalls: 10 }, rules));
  story.ask(request(1, [line('stalls', 4)]));
};

/** Another customer takes 7 of the 10 places. */
const crowd = (story: Story): void => {
  story.ask(changing({ rules: { holdSeconds: null } }));
  story.ask(request(2, [line('stalls', 7)], undefined, 'bob'));
};

const commands = {
  confirm: () => confirming(1),
  extend: () => extending(1),
  cancel: () => cancelling(1),
  'cancel by lines': () => cancelling(1, [line('stalls', 1)]),
};
type Command = keyof typeof commands;

type Row = readonly [State, Command, answer: string, becomes: State, held: number, confirmed: number];

const rows: readonly Row[] = [
  ['held', 'confirm', 'ReservationConfirmed', 'confirmed', 0, 4],
  ['held', 'extend', 'HoldExtended', 'held', 4, 0],
  ['held', 'cancel', 'ReservationCancelled', 'cancelled', 0, 0],
  ['held', 'cancel by lines', 'ReservationReduced', 'held', 3, 0],
  ['confirmed', 'confirm', 'RequestSatisfied', 'confirmed', 0, 4],
  ['confirmed', 'extend', 'not-held', 'confirmed', 0, 4],
  ['confirmed', 'cancel', 'ReservationCancelled', 'cancelled', 0, 0],
  ['confirmed', 'cancel by lines', 'ReservationReduced', 'confirmed', 0, 3],
  ['expired', 'confirm', 'ReservationConfirmed', 'confirmed', 0, 4],
  ['expired', 'extend', 'hold-expired', 'expired', 0, 0],
  ['expired', 'cancel', 'RequestSatisfied', 'expired', 0, 0],
  ['expired', 'cancel by lines', 'RequestSatisfied', 'expired', 0, 0],
  ['cancelled', 'confirm', 'already-cancelled', 'cancelled', 0, 0],
  ['cancelled', 'extend', 'already-cancelled', 'cancelled', 0, 0],
  ['cancelled', 'cancel', 'RequestSatisfied', 'cancelled', 0, 0],
  ['cancelled', 'cancel by lines', 'RequestSatisfied', 'cancelled', 0, 0],
  ['rejected', 'confirm', 'not-reserved', 'rejected', 0, 0],
  ['rejected', 'extend', 'not-reserved', 'rejected', 0, 0],
  ['rejected', 'cancel', 'not-reserved', 'rejected', 0, 0],
  ['rejected', 'cancel by lines', 'not-reserved', 'rejected', 0, 0],
];

const special: readonly Cell[] = [
  {
    promise: 'expired × confirm without room: hold-expired',
    play: (story) => {
      reach.expired(story);
      crowd(story);
      return inAWord(story.ask(confirming(1)));
    },
    answer: 'hold-expired',
    becomes: 'expired',
    pool: [0, 7],
  },
  {
    promise: 'held × extend a second time: extension-used',
    play: (story) => {
      reach.held(story);
      story.ask(extending(1));
      return inAWord(story.ask(extending(1)));
    },
    answer: 'extension-used',
    becomes: 'held',
    pool: [4, 0],
  },
];

export const cells: readonly Cell[] = [
  ...rows.map(
    ([state, command, answer, becomes, held, confirmed]): Cell => ({
      promise: `${state} × ${command}: ${answer}`,
      play: (story) => {
        reach[state](story);
        return inAWord(story.ask(commands[command]()));
      },
      answer,
      becomes,
      pool: [held, confirmed],
    }),
  ),
  ...special,
];
