/** The limits of everything a client may send, in one file so that door, codec and database agree. */
export const limits = {
  partitions: 4096,
  revisionsPerChange: 100,
  poolsPerShow: 100,
  linesPerReservation: 20,
  /** Of a call that asks for many. */
  requestsPerCall: 100,
  quantityPerLine: 1_000,
  capacity: 2_000_000_000,
  poolIdLength: 64,
  nameLength: 200,
  customerIdBytes: 128,
  referenceLength: 128,
  holdSecondsMax: 86_400,
  /** Live holds a customer may have of one show: without it, one could hold all of it and let it lapse. */
  liveHoldsPerCustomer: 10,
} as const;
