import type {Command} from '../../src/domain/run/command.ts';
import {needsOf} from '../../src/domain/rules/needs.ts';
import {whatIsNext} from '../../src/domain/rules/what-is-next.ts';
import type {Refusal} from '../../src/domain/rules/refusal.ts';
import {whyRefused} from '../../src/domain/rules/why-refused.ts';
import {NAMED_STATES, stateNamed, type NamedState} from './states.ts';

const RUN = 'acme';
const UNIT = '01-users';

/** Every command as it is typed, what it asks of the supervisor, and what it does where it is not refused. */
export const TYPED: readonly (readonly [string, Command, string])[] = [
  ['pause LANE', {type: 'pause-unit', unit: UNIT}, 'SIGSTOP; connections, snapshot and xmin are held'],
  ['resume LANE', {type: 'resume-unit', unit: UNIT}, 'SIGCONT'],
  ['retry LANE', {type: 'retry-unit', unit: UNIT}, 'loads the failed unit again, now; steps that have stopped go on'],
  ['cancel LANE', {type: 'cancel-unit', unit: UNIT}, 'SIGTERM to both ends; of a failed unit, calls the next try off'],
  ['pause --all', {type: 'pause-all'}, 'the same for every running lane'],
  ['resume --all', {type: 'resume-all'}, 'the same for every paused lane'],
  ['retry --all', {type: 'retry-all'}, 'the same for every failed unit'],
  ['cancel --all', {type: 'cancel-all'}, 'starts nothing new and ends every lane'],
  [
    'lanes 3',
    {type: 'set-lanes', lanes: 3},
    'so many lanes from now on; what runs goes on; refused where a server has no connections for them',
  ],
  [
    'rate 50MB',
    {type: 'set-rate', bytesPerSecond: 50 * 1024 ** 2},
    'at most so much in a second for all lanes together; refused where there is no pv',
  ],
  ['pause --start', {type: 'hold'}, 'starts no new unit and no index build; what runs goes on'],
  ['resume --start', {type: 'release-hold'}, 'starts units again'],
  ['pause --replay', {type: 'pause-replay'}, 'pauses replay, unless the replica says that it is paused'],
  ['resume --replay', {type: 'resume-replay'}, 'resumes replay'],
  ['confirm pause-replay', {type: 'confirm-step', step: 'pause-replay', typed: RUN}, 'the step that waits runs'],
  [
    'compare --again',
    {type: 'compare-again', tables: [], converging: false},
    'compares every row while change capture runs; apply and replay are held for it, slice by slice, and go on',
  ],
  ['continue', {type: 'continue'}, 'goes on with the steps, unless they are running; as `longhaul run`, below'],
  [
    'accept OBJECT',
    {type: 'accept-differences', objects: ['index public.users_email'], typed: RUN},
    'the target stays as it is in that object',
  ],
  [
    'cdc-started',
    {type: 'cdc-started', typed: RUN},
    'slots may move past P; refused by the primary where one is gone or lost',
  ],
  [
    'release',
    {type: 'release', typed: RUN, endReaders: false, resumeReplay: false},
    'drops the slots that are there, ends the steps and the lanes, writes a checkpoint',
  ],
  [
    'abort',
    {type: 'abort', typed: RUN},
    'ends the lanes, resumes replay, drops slots, sets and node, as far as they are there',
  ],
  [
    'cutover',
    {type: 'cutover', typed: RUN},
    'stops the writes, drains and hands over; what fails before the target is opened is taken back',
  ],
  [
    'back',
    {type: 'back', typed: RUN},
    'after the hand-over: stops the writes on the target, drains, and opens the source again with all that was written',
  ],
  ['cutover --back-out', {type: 'back-out'}, 'allows writes on the source again; change capture goes on'],
  [
    'cutover --end-comparison',
    {type: 'end-comparison'},
    'after the hand-over: ends the last comparison with its snapshots; what is left was not compared',
  ],
  ['cdc pause SLOT', {type: 'pause-cdc', slot: 'dms_slot_01'}, 'stops applying its changes, which it keeps'],
  ['cdc resume SLOT', {type: 'resume-cdc', slot: 'dms_slot_01'}, 'goes on from where it is'],
  [
    'cdc kick SLOT',
    {type: 'kick-cdc', slot: 'dms_slot_01'},
    'starts again what is down, where the engine does not do so by itself',
  ],
  [
    'cdc skip SLOT',
    {type: 'skip-cdc', slot: 'dms_slot_01', commitLsn: '0/501', typed: RUN},
    'goes past the transaction that was shown; its tables have to be compared',
  ],
  [
    'adopt TABLE',
    {type: 'adopt-table', table: 'public.born', typed: RUN},
    'makes it on the target, captures, copies and compares it',
  ],
  ['shutdown', {type: 'shutdown', lanes: false}, 'ends the supervisor; the lanes go on'],
  ['shutdown --lanes', {type: 'shutdown', lanes: true}, 'ends the supervisor and every lane'],
];

/** Why a command is refused in a state, by the names of both; null where it is not. */
export function refusalIn(state: NamedState, command: Command): Refusal | null {
  return whyRefused(stateNamed(state), command, RUN);
}

/** docs/commands.md: what every command does in every state of a run, why it is refused, and what the run does next. */
export function commandsPage(): string {
  const reasons: string[] = [];
  const noteOf = ({why, remedy}: Refusal): string => {
    const text = `${why} → ${remedy}`;
    if (!reasons.includes(text)) reasons.push(text);
    return String(reasons.indexOf(text) + 1);
  };
  const cell = (state: NamedState, command: Command): string => {
    const refusal = refusalIn(state, command);
    return refusal === null ? '·' : noteOf(refusal);
  };
  const letters = NAMED_STATES.map((_, index) => String.fromCodePoint(97 + index));
  const table = TYPED.map(
    ([words, command]) => `| \`${words}\` | ${NAMED_STATES.map((state) => cell(state, command)).join(' | ')} |`,
  );
  return [
    '# What each command does in each state of a run',
    '',
    'Written by a test from the rules themselves, which',
    'supervisor, steps, alarms and console ask. `·` is carried out; a number is refused, for the reason below. `cancel`, `shutdown --lanes`, `resume --replay`,',
    '`accept`, `cdc-started`, `cdc skip`, `adopt`, `cutover`, `back`, `release` and `abort` want `--yes RUN` besides; `release`, `abort` and `cdc-started` also work without a supervisor.',
    '',
    ...NAMED_STATES.map((state, index) => `- **${letters[index]}** ${state}`),
    '',
    `| command | ${letters.join(' | ')} |`,
    `|---|${letters.map(() => '---').join('|')}|`,
    ...table,
    '',
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
    '',
    '## What it does',
    '',
    ...TYPED.map(([words, , does]) => `- \`${words}\`: ${does}`),
    '',
    '## What the run still needs, and what `longhaul run` does next',
    '',
    '| state | P | the paused replica | the slots | the ledger | next, it … |',
    '|---|---|---|---|---|---|',
    ...NAMED_STATES.map((name) => {
      const {boundary, replica, slots, ledger} = needsOf(stateNamed(name));
      const needs = [boundary, replica, slots, ledger].map((why) => why ?? '—');
      return `| ${name} | ${needs.join(' | ')} | ${whatIsNext(stateNamed(name))} |`;
    }),
    '',
  ].join('\n');
}
