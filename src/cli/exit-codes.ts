/** What the verbs for looking and repairing end with; docs/reference/command-line.md tells the same. */
export const exitCodes = {
  /** Done, and nothing needs anybody. */
  done: 0,
  /** It could not be done: a server is away, or refused. */
  failed: 1,
  /** Asked wrongly. */
  wrong: 2,
  /** Done, and something needs attention. */
  attention: 3,
} as const;
