import type { Metric } from './metric.ts';

/** Metrics of every process, whatever its role. */
export const processMetrics = {
  loopDelay: {
    name: 'nodejs.eventloop.delay',
    type: 'gauge',
    unit: 's',
    labels: ['percentile'],
    help: 'Delay of the event loop in the last seconds: p50, p99, max',
  },
  loopUtilization: {
    name: 'nodejs.eventloop.utilization',
    type: 'gauge',
    unit: '1',
    labels: [],
    help: 'Share of the last seconds in which the event loop was busy',
  },
  cpuTime: {
    name: 'process.cpu.time',
    type: 'counter',
    unit: 's',
    labels: ['cpu.mode'],
    help: 'CPU time of this process, by mode: user, system',
  },
  startTime: {
    name: 'process.start_time',
    type: 'gauge',
    unit: 's',
    labels: [],
    help: 'When this process started, in seconds since the epoch; it changes when a process starts again at the same address',
  },
  memory: {
    name: 'process.memory.usage',
    type: 'gauge',
    unit: 'By',
    labels: [],
    help: 'Resident memory of this process',
  },
} as const satisfies Record<string, Metric>;
