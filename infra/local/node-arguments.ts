/**
 * How node runs a role; the image does the same. The young generation is limited, in MB of one of its two
 * halves: the default of Node 24 takes 60 MB more with ten thousand waiting clients and gives no more
 * reservations per second. The old generation is collected when it has three times the size that was alive
 * after the last collection (200 % more). The default is four times where there is much memory. For a
 * projector of a hot show this saves 40 MB, and it is no hard limit. The young generation is collected by
 * the thread that fills it: helpers make a collection of 8 MB little shorter, and waking them seems to
 * cost some percent of all CPU time where the cores are busy (docs/benchmarks/experiments.md).
 */
export const nodeArguments: readonly string[] = [
  '--max-semi-space-size=8',
  '--heap-growing-percent=200',
  '--no-parallel-scavenge',
];
