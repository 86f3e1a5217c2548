import type { RedisOptions } from './nodes.ts';
import { loadScript, loadStreamScript } from './scripts.ts';

type Scripts = NonNullable<RedisOptions['scripts']>;

const append = loadScript('append').text;
const agreeSettings = loadScript('agree-settings').text;

/** The scripts that commands and queries call. */
export const apiScripts: Scripts = { producer: [append], control: [agreeSettings] };

/** The scripts that a projector calls. */
export const projectorScripts: Scripts = {
  control: [
    agreeSettings,
    ...['fenced-read', 'lift', 'trim'].map((name) => loadStreamScript(name).text),
    ...['publish-boards', 'mark-boards-complete', 'compare-claim', 'note-claim'].map(
      (name) => loadScript(name).text,
    ),
  ],
};

/** The scripts that a redrive of parked entries calls. */
export const redriveScripts: Scripts = { producer: [append] };
