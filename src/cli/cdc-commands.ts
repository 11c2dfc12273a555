import {CUTOVER_EXAMPLES} from './cutover-examples.ts';
import type {CommandFile} from './command-file.ts';

/** The commands of change capture, cutover and the way back, as they are in COMMANDS. */
export const CDC_COMMANDS: readonly CommandFile[] = [
  {
    names: ['cdc-started'],
    group: 'Change capture',
    examples: {
      'longhaul cdc-started': [['longhaul cdc-started --yes acme-prod', 'once every slot is read by its task']],
    },
    load: async (env) => [(await import('./commands/cdc-started.ts')).cdcStartedCommand(env)],
  },
  {
    names: ['cutover'],
    group: 'Cutover',
    examples: CUTOVER_EXAMPLES,
    load: async (env) => [(await import('./commands/cutover/cutover.ts')).cutoverCommand(env)],
  },
  {
    names: ['back'],
    group: 'Cutover',
    examples: {
      'longhaul back': [
        ['longhaul back', 'show what would be done, statement by statement'],
        ['longhaul back --yes acme-prod', 'stop the writes on the target, drain, open the source again'],
        ['longhaul back --back-out', 'until the source is opened: writes are allowed on the target again'],
      ],
    },
    load: async (env) => [(await import('./commands/cutover/back.ts')).backCommand(env)],
  },
  {
    names: ['clean-up'],
    group: 'Cutover',
    examples: {
      'longhaul clean-up': [
        ['longhaul clean-up', 'show what would be taken away, statement by statement'],
        ['longhaul clean-up --give-up-way-back --yes acme-prod', 'once nobody goes back any more'],
      ],
    },
    load: async (env) => [(await import('./commands/cutover/clean-up.ts')).cleanUpCommand(env)],
  },
  {
    names: ['cdc', 'adopt'],
    group: 'Change capture',
    examples: {
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
    },
    load: async (env) => (await import('./commands/cdc/cdc-commands.ts')).cdcCommands(env),
  },
];
