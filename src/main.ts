#!/usr/bin/env node
import { runCommandLine } from './cli/command-line.ts';

// Whoever reads along may have seen enough, as `head` has: what was asked for is done to its end all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
