/** Examples for the help and the man page, by the command; each is parsed by a test, so that it goes on being true. */
export const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, what: string])[]>> = {
  longhaul: [
    ['longhaul init', 'write a configuration, to be filled in'],
    ['longhaul check', 'say what would stop a run; changes nothing'],
    ['longhaul run', 'run the procedure, and watch it'],
  ],
  'longhaul init': [
    ['longhaul init', 'write longhaul.yaml here'],
    ['longhaul init --config /etc/longhaul/acme.yaml', 'write it elsewhere'],
  ],
  'longhaul check': [
    ['longhaul check', 'blockers first, each with its remedy'],
    ['longhaul check --json', 'for a script; exit 1 where there is a blocker'],
  ],
  'longhaul plan': [
    ['longhaul plan', 'what goes through which slot and lane'],
    ['longhaul plan --sql', 'every statement of the run, in order: for the change request'],
    ['longhaul plan --fresh', 'after tables were added: plan again, over what was edited'],
  ],
  'longhaul steps': [['longhaul steps', 'each step with its reason']],
  'longhaul run': [
    ['longhaul run', 'start or go on, in the console'],
    ['longhaul run --detach', 'start it and give the prompt back; longhaul attach shows it'],
    ['longhaul run --until copy-schema', 'stop before anything is made on production'],
    ['longhaul run --plain', 'lines instead of the console: for a log'],
  ],
  'longhaul attach': [
    ['longhaul attach', 'the console; q leaves it, the run goes on'],
    ['longhaul attach --read-only', 'for a second pair of eyes'],
  ],
  'longhaul status': [
    ['longhaul status', 'steps, units, alarms'],
    ['longhaul status --json', 'all that is known, with readings and forecasts'],
    ['longhaul status --line', "tmux: set -g status-right '#(longhaul -c FILE status --line)'"],
  ],
  'longhaul doctor': [
    ['longhaul doctor', 'a tar.gz in this folder'],
    ['longhaul doctor --output /tmp/report.tar.gz', 'the same, there'],
    ['longhaul doctor --no-check', 'without asking a server'],
  ],
  'longhaul logs': [
    ['longhaul logs 3', 'the lane 3'],
    ['longhaul logs public.events', 'the unit that has this table'],
    ['longhaul logs public.events -f', 'and what comes, until the unit has ended'],
  ],
  'longhaul report': [
    ['longhaul report', 'Markdown, for the ticket'],
    ['longhaul report --json', 'the same for a script'],
    ['longhaul report --save', 'beside the journal; prints the path'],
  ],
  'longhaul pause': [
    ['longhaul pause 3', 'freeze the lane 3'],
    ['longhaul pause --all', 'freeze every lane, when production needs its disks'],
    ['longhaul pause --start', 'let what runs end, start nothing new'],
  ],
  'longhaul resume': [
    ['longhaul resume 3', 'let the lane 3 go on'],
    ['longhaul resume --all', 'all of them'],
  ],
  'longhaul retry': [
    ['longhaul retry public.users', 'load its unit again, now'],
    ['longhaul retry --all', 'every unit that has failed'],
  ],
  'longhaul cancel': [['longhaul cancel 3', 'end the lane 3; none of its rows stay']],
  'longhaul confirm': [['longhaul confirm create-slots acme-prod', 'what the console asks to be typed']],
  'longhaul continue': [['longhaul continue', 'after what had failed was mended']],
  'longhaul shutdown': [['longhaul shutdown', 'end the supervisor before an upgrade; the lanes load on']],
  'longhaul accept': [
    ['longhaul accept', 'list what differs, why, and which rows'],
    ["longhaul accept 'index public.users_email' --yes acme-prod", 'leave that index as it is'],
  ],
  'longhaul abort': [['longhaul abort --yes acme-prod', 'production is free of the run; rows stay on the target']],
  'longhaul cdc-started': [['longhaul cdc-started --yes acme-prod', 'once every slot is read by its task']],
  'longhaul release': [
    ['longhaul release', 'say what would be dropped, and how much it frees'],
    ['longhaul release --yes acme-prod', 'drop the slots: P is lost'],
  ],
  'longhaul completion': [
    ['longhaul completion bash > /etc/bash_completion.d/longhaul', 'for every user'],
    ['source <(longhaul completion bash)', 'for this shell'],
    ['longhaul completion zsh > ~/.zfunc/_longhaul', 'with fpath+=~/.zfunc before compinit'],
    ['longhaul completion fish > ~/.config/fish/completions/longhaul.fish', 'for fish'],
  ],
  'longhaul lab': [
    ['longhaul lab up', 'three servers with data and a write load, and a longhaul.yaml for them'],
    ['longhaul lab verify', 'after the run: is the target what the replica was at P?'],
    ['longhaul lab down', 'clear it away'],
  ],
  'longhaul lab up': [
    ['longhaul lab up --size 5 --rate 200', 'about 1.5 GB, under 200 transactions a second'],
    ['longhaul lab up --no-write-load --confirm typed', 'quiet, and with its questions'],
  ],
  'longhaul lab down': [['longhaul lab down', 'servers, data and run folder']],
  'longhaul lab status': [['longhaul lab status', 'ports, and whether the write load runs']],
  'longhaul lab verify': [['longhaul lab verify', 'exit 1 where a table differs']],
};
