import type {Examples} from './completion/man-page.ts';

/** How the commands that tell a running supervisor something are given. */
export const CONTROL_EXAMPLES: Examples = {
  'longhaul pause': [
    ['longhaul pause 3', 'freeze the lane 3'],
    ['longhaul pause --all', 'freeze every lane, when production needs its disks'],
    ['longhaul pause --start', 'let what runs end, start nothing new'],
  ],
  'longhaul resume': [
    ['longhaul resume 3', 'let the lane 3 go on'],
    ['longhaul resume --all', 'all of them'],
    ['longhaul resume --replay --yes acme-prod', 'on the replica, once nothing needs P'],
  ],
  'longhaul retry': [
    ['longhaul retry public.users', 'load its unit again, now'],
    ['longhaul retry --all', 'every unit that has failed'],
  ],
  'longhaul cancel': [
    ['longhaul cancel 3', 'show what would be ended'],
    ['longhaul cancel 3 --yes acme-prod', 'end the lane 3; none of its rows stay'],
  ],
  'longhaul confirm': [['longhaul confirm create-slots acme-prod', 'what the console asks to be typed']],
  'longhaul continue': [['longhaul continue', 'after what had failed was mended']],
  'longhaul shutdown': [
    ['longhaul shutdown', 'end the supervisor before an upgrade; the lanes load on'],
    ['longhaul shutdown --lanes --yes acme-prod', 'end the lanes as well; none of their rows stay'],
  ],
};

/** How the commands for change capture that runs are given. */
export const CDC_EXAMPLES: Examples = {
  'longhaul cdc': [['longhaul cdc pause lh_slot_01', 'one slot of change capture that runs']],
  'longhaul cdc pause': [
    ['longhaul cdc pause lh_slot_01', 'before work on its tables on the target; its slot keeps what comes'],
  ],
  'longhaul cdc resume': [['longhaul cdc resume lh_slot_01', 'from where it is']],
  'longhaul cdc kick': [['longhaul cdc kick lh_slot_01', 'start again what sleeps though the source answers']],
  'longhaul cdc skip': [
    ['longhaul cdc skip lh_slot_01', 'show the transaction that cannot be applied'],
    [
      'longhaul cdc skip lh_slot_01 --lsn 16/B374D848 --yes acme-prod',
      'go on without it; its tables have to be compared',
    ],
  ],
  'longhaul adopt': [
    ['longhaul adopt public.events_2026_12', 'show what it takes to capture a table that was made since'],
    ['longhaul adopt public.events_2026_12 --yes acme-prod', 'make it on the target, capture, copy and compare it'],
  ],
};
