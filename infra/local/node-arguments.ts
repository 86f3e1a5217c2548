/**
 * How node runs a role, as the image does. The young generation is bounded, in MB of one of its halves: what Node 24
 * gives by itself takes 60 MB more with ten thousand clients waiting, and brings no reservation more a second. The old
 * one is collected when it has three times what was alive the last time (200 % more), instead of four where memory is
 * plenty: a projector of a hot show keeps 40 MB less, and none of them is bounded.
 */
export const nodeArguments: readonly string[] = ['--max-semi-space-size=8', '--heap-growing-percent=200'];
