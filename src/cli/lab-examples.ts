import type {Examples} from './completion/man-page.ts';

/** How a rehearsal on this machine is made and taken away. */
export const LAB_EXAMPLES: Examples = {
  'longhaul lab': [
    ['longhaul lab up', 'three servers with data and a write load, and a longhaul.yaml for them'],
    ['longhaul lab verify', 'after the run: is the target what the replica was at P?'],
    ['longhaul lab down', 'remove it'],
  ],
  'longhaul lab up': [
    ['longhaul lab up --size 5 --rate 200', 'about 1.5 GB, under 200 transactions a second'],
    ['longhaul lab up --no-write-load --confirm typed', 'quiet, and with its questions'],
  ],
  'longhaul lab down': [['longhaul lab down', 'servers, data and run folder']],
  'longhaul lab status': [['longhaul lab status', 'ports, and whether the write load runs']],
  'longhaul lab verify': [['longhaul lab verify', 'exit 1 where a table differs']],
};
