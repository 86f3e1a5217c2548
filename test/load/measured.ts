/** One line of the result: a figure of one side, with its value in each round. */
export interface Measurement {
  readonly part: string;
  readonly figure: string;
  readonly unit: string;
  readonly sideId: string;
  readonly side: string;
  /** Of several lines with the same part and figure, the first of ours is what the others are compared with. */
  readonly ours: boolean;
  readonly values: readonly number[];
  /** What belongs to the figure and is not compared: the backlog, what else was answered. */
  readonly note?: string;
}

export interface RatedMeasurement extends Measurement {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Ours over this one, or, for another line of ours, this one over the first. */
  readonly ratio: number | undefined;
}
