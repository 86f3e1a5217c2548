#!/usr/bin/env node
import { runCommandLine } from './cli/command-line.ts';

// The reader of stdout may close the pipe early, as `head` does: the work is still finished.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
