/** One line of the result: a figure of one side, with its value in each round. */
export interface Measurement {
  readonly part: string;
  readonly figure: string;
  readonly unit: string;
  readonly sideId: string;
  readonly side: string;
  /** Of several lines with the same part and figure, the others are compared with the first of ours. */
  readonly ours: boolean;
  readonly values: readonly number[];
  /** Additional values that are not compared: the backlog, the other answers. */
  readonly note?: string;
}

export interface RatedMeasurement extends Measurement {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** The ratio of ours to this one; for another line of ours, of this one to the first. */
  readonly ratio: number | undefined;
}
