import {CDC_COMMANDS} from './cdc-commands.ts';
import type {CommandFile} from './command-file.ts';
import type {Examples} from './completion/man-page.ts';
import {CONTROL_EXAMPLES} from './control-examples.ts';
import {LAB_EXAMPLES} from './lab-examples.ts';

/** Every command, in the order of the help: a new one is its file and an entry here. Loaded when it is wanted, so that the console does not wait for what plans a load. */
export const COMMANDS: readonly CommandFile[] = [
  {
    names: ['init'],
    group: 'Before the run',
    examples: {
      'longhaul init': [
        ['longhaul init', 'write longhaul.yaml here'],
        ['longhaul init --config /etc/longhaul/acme.yaml', 'write it elsewhere'],
      ],
    },
    load: async () => [(await import('./commands/init.ts')).initCommand()],
  },
  {
    names: ['check'],
    group: 'Before the run',
    examples: {
      'longhaul check': [
        ['longhaul check', 'blockers first, each with its remedy'],
        ['longhaul check --json', 'for a script; exit 1 where there is a blocker'],
      ],
    },
    load: async (env) => [(await import('./commands/inspect/check.ts')).checkCommand(env)],
  },
  {
    names: ['plan'],
    group: 'Before the run',
    examples: {
      'longhaul plan': [
        ['longhaul plan', 'what goes through which slot and lane'],
        ['longhaul plan --sql', 'every statement of the run, in order: for the change request'],
        ['longhaul plan --fresh', 'after tables were added: plan again, over what was edited'],
      ],
    },
    load: async (env) => [(await import('./commands/plan.ts')).planCommand(env)],
  },
  {
    names: ['steps'],
    group: 'Before the run',
    examples: {'longhaul steps': [['longhaul steps', 'each step with its reason']]},
    load: async (env) => [(await import('./commands/steps.ts')).stepsCommand(env)],
  },
  {
    names: ['run'],
    group: 'The run',
    examples: {
      'longhaul run': [
        ['longhaul run', 'start or go on, in the console'],
        ['longhaul run --detach', 'start it and give the prompt back; longhaul attach shows it'],
        ['longhaul run --until copy-schema', 'stop before anything is made on production'],
        ['longhaul run --plain', 'lines instead of the console: for a log'],
      ],
    },
    load: async (env) => [(await import('./commands/run.ts')).runCommand(env)],
  },
  {
    names: ['attach'],
    group: 'The run',
    examples: {
      'longhaul attach': [
        ['longhaul attach', 'the console; q leaves it, the run goes on'],
        ['longhaul attach --read-only', 'for a second pair of eyes'],
      ],
    },
    load: async (env) => [(await import('./commands/attach.ts')).attachCommand(env)],
  },
  {
    names: ['status'],
    group: 'The run',
    examples: {
      'longhaul status': [
        ['longhaul status', 'steps, units, alarms'],
        ['longhaul status --json', 'all that is known, with readings and forecasts'],
        ['longhaul status --line', "tmux: set -g status-right '#(longhaul -c FILE status --line)'"],
      ],
    },
    load: async (env) => [(await import('./commands/inspect/status.ts')).statusCommand(env)],
  },
  {
    names: ['logs'],
    group: 'The run',
    examples: {
      'longhaul logs': [
        ['longhaul logs 3', 'the lane 3'],
        ['longhaul logs public.events', 'the unit that has this table'],
        ['longhaul logs public.events -f', 'and what comes, until the unit has ended'],
      ],
    },
    load: async (env) => [(await import('./commands/logs.ts')).logsCommand(env)],
  },
  {
    names: ['report'],
    group: 'The run',
    examples: {
      'longhaul report': [
        ['longhaul report', 'Markdown, for the ticket'],
        ['longhaul report --json', 'the same for a script'],
        ['longhaul report --save', 'beside the journal; prints the path'],
        ['longhaul report --archive', 'the whole run in one file, without passwords and rows, to keep'],
      ],
    },
    load: async (env) => [(await import('./commands/inspect/report.ts')).reportCommand(env)],
  },
  {
    names: ['lanes', 'rate'],
    group: 'Lanes and steps',
    examples: {
      'longhaul lanes': [
        ['longhaul lanes 3', 'load in three lanes from now on; what runs goes on'],
        ['longhaul lanes', 'how many there are'],
      ],
      'longhaul rate': [
        ['longhaul rate 50MB', 'all lanes together carry at most 50 MB in a second from now on'],
        ['longhaul rate none', 'as fast as they can'],
      ],
    },
    load: async (env) => {
      const {lanesCommand, rateCommand} = await import('./commands/lanes.ts');
      return [lanesCommand(env), rateCommand(env)];
    },
  },
  {
    names: ['pause', 'resume', 'retry', 'cancel', 'confirm', 'continue', 'shutdown'],
    group: 'Lanes and steps',
    examples: CONTROL_EXAMPLES,
    load: async (env) => (await import('./commands/control.ts')).controlCommands(env),
  },
  {
    names: ['compare', 'drift'],
    group: 'What is on the target',
    examples: {
      'longhaul compare': [
        ['longhaul compare', 'every row of every loaded table, replica at P and target'],
        ['longhaul compare --by-month public.events', 'how many rows there are of each month'],
        ['longhaul compare --sample 5%', 'about every twentieth row, by the hash of its key'],
        ['longhaul compare --objects', 'what differs, with what mends it'],
      ],
      'longhaul drift': [['longhaul drift --sql', 'what makes the target follow the source: for psql']],
    },
    load: async (env) => [
      (await import('./commands/compare.ts')).compareCommand(env),
      (await import('./commands/inspect/drift.ts')).driftCommand(env),
    ],
  },
  {
    names: ['accept'],
    group: 'What is on the target',
    examples: {
      'longhaul accept': [
        ['longhaul accept', 'list what differs, why, and which rows'],
        ["longhaul accept 'index public.users_email' --yes acme-prod", 'leave that index as it is'],
      ],
    },
    load: async (env) => [(await import('./commands/accept.ts')).acceptCommand(env)],
  },
  ...CDC_COMMANDS,
  {
    names: ['abort'],
    group: 'Ways out',
    examples: {
      'longhaul abort': [
        ['longhaul abort', 'show what would be taken back, statement by statement'],
        ['longhaul abort --yes acme-prod', 'production is free of the run; rows stay on the target'],
      ],
    },
    load: async (env) => [(await import('./commands/abort.ts')).abortCommand(env)],
  },
  {
    names: ['release'],
    group: 'Ways out',
    examples: {
      'longhaul release': [
        ['longhaul release', 'say what would be dropped, and how much it frees'],
        ['longhaul release --yes acme-prod', 'drop the slots: P is lost'],
      ],
    },
    load: async (env) => [(await import('./commands/release.ts')).releaseCommand(env)],
  },
  {
    names: ['completion'],
    group: 'Help and rehearsal',
    examples: {
      'longhaul completion': [
        ['longhaul completion bash > /etc/bash_completion.d/longhaul', 'for every user'],
        ['source <(longhaul completion bash)', 'for this shell'],
        ['longhaul completion zsh > ~/.zfunc/_longhaul', 'with fpath+=~/.zfunc before compinit'],
        ['longhaul completion fish > ~/.config/fish/completions/longhaul.fish', 'for fish'],
      ],
    },
    load: async () => [(await import('./completion/completion-command.ts')).completionCommand(EXAMPLES)],
  },
  {
    names: ['doctor'],
    group: 'Help and rehearsal',
    examples: {
      'longhaul doctor': [
        ['longhaul doctor', 'a tar.gz in this folder'],
        ['longhaul doctor --output /tmp/acme.tar.gz', 'the same, there'],
        ['longhaul doctor --no-check', 'without a question to any server'],
      ],
    },
    load: async (env) => [(await import('./commands/inspect/doctor.ts')).doctorCommand(env)],
  },
  {
    names: ['lab'],
    group: 'Help and rehearsal',
    examples: LAB_EXAMPLES,
    load: async () => [(await import('./commands/lab.ts')).labCommand()],
  },
  {
    names: ['supervise'],
    group: 'Help and rehearsal',
    examples: {},
    hidden: true,
    load: async (env) => [(await import('./supervisor/supervise.ts')).superviseCommand(env)],
  },
];

/** The examples of every command, and of longhaul itself. */
export const EXAMPLES: Examples = {
  longhaul: [
    ['longhaul init', 'write a configuration, to be filled in'],
    ['longhaul check', 'say what would stop a run; changes nothing'],
    ['longhaul run', 'run the procedure, and watch it'],
  ],
  ...Object.assign({}, ...COMMANDS.map(({examples}) => examples)),
};

/** These print all commands, whatever else is said. */
const HELP = ['help', '--help', '-h', 'completion'];
const VERSION = ['--version', '-V'];
const WITH_VALUE = ['-c', '--config'];

/** The file of the command that these words begin with; all files where they name none, or ask for help. */
export function commandFiles(words: readonly string[]): readonly CommandFile[] {
  const own = words.filter((word, index) => !word.startsWith('-') && !WITH_VALUE.includes(words[index - 1] ?? ''));
  const named = COMMANDS.filter(({names}) => names.includes(own[0] ?? ''));
  if (words.some((word) => HELP.includes(word))) return COMMANDS;
  return named.length > 0 || words.some((word) => VERSION.includes(word)) ? named : COMMANDS;
}
