import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {whatIsNext} from '../../../src/domain/rules/what-is-next.ts';
import {handleCommand} from '../../../src/engine/run/commands.ts';
import type {RunControl} from '../../../src/engine/run/serve/run-control.ts';
import {commandsPage, refusalIn, TYPED} from '../../support/commands-page.ts';
import {eventsOf, NAMED_STATES, stateNamed, type NamedState} from '../../support/states.ts';
import {contextOf} from '../../support/stepping.ts';

const PAGE = join(import.meta.dirname, '../../../docs/commands.md');

/** A walk on which nothing may be done. */
const UNTOUCHED: RunControl = {
  confirm: () => must('confirm'),
  halt: () => must('halt'),
  hurry: () => must('hurry'),
  goOn: () => must('goOn'),
  instead: () => must('instead'),
  cutOver: () => must('cutOver'),
  goBack: () => must('goBack'),
  stop: () => must('stop'),
  ended: async () => must('ended'),
};

function must(what: string): never {
  throw new Error(`${what}, though the command is refused`);
}

const REFUSED = NAMED_STATES.flatMap((state) =>
  TYPED.flatMap(([words, command]) => {
    const refusal = refusalIn(state, command);
    return refusal === null ? [] : [{state, words, command, refusal}];
  }),
);

describe('each command in each state of a run', () => {
  test('is as docs/commands.md has it; WRITE_DOCS=1 writes it anew', () => {
    if (process.env['WRITE_DOCS'] === '1') writeFileSync(PAGE, commandsPage());
    expect(readFileSync(PAGE, 'utf8')).toBe(commandsPage());
  });

  test.each(REFUSED)('$state: $words is refused, and nothing is done', async ({state, command, refusal}) => {
    const ctx = contextOf('typed', ...eventsOf(state));
    const reply = await handleCommand(ctx, UNTOUCHED, {command, who: 'ana'});
    expect(reply).toEqual({ok: false, message: refusal.why, remedy: refusal.remedy});
    expect(ctx.recorded()).toEqual(['command.received']);
  });

  test('that takes a way out is refused in none', () => {
    const ways = ['release', 'shutdown', 'shutdown --lanes', 'cancel --all'];
    expect(REFUSED.filter(({words}) => ways.includes(words))).toEqual([]);
  });

  test.each<[string, readonly NamedState[]]>([
    ['abort', ['target being opened', 'handed over']],
    [
      'cutover',
      NAMED_STATES.filter((name) => !['caught up', 'target being opened', 'cutover taken back'].includes(name)),
    ],
    ['cutover --back-out', NAMED_STATES.filter((name) => name !== 'cutover under way')],
    [
      'resume --replay',
      ['P captured', 'P proved', 'loading', 'a lane paused', 'a unit failed', 'load done', 'P no longer proved'],
    ],
    ['continue', ['a step waits', 'aborted']],
    [
      'cdc-started',
      NAMED_STATES.filter((name) => !['a difference open', 'compared', 'replay resumed', 'done'].includes(name)),
    ],
    ['retry LANE', NAMED_STATES.filter((name) => name !== 'a unit failed')],
    ['confirm pause-replay', NAMED_STATES.filter((name) => name !== 'a step waits')],
    ['accept OBJECT', NAMED_STATES.filter((name) => name !== 'a difference open')],
    [
      'cdc skip SLOT',
      NAMED_STATES.filter(
        (name) => !['change capture begun', 'caught up', 'handed over', 'cutover taken back'].includes(name),
      ),
    ],
  ])('%s is refused in these, and carried out in all others', (words, states) => {
    expect(REFUSED.filter((one) => one.words === words).map(({state}) => state)).toEqual(states);
  });

  test('every refusal says what to do instead', () => {
    for (const {refusal} of REFUSED) expect(refusal.remedy).not.toBe('');
  });

  test.each(['release', 'abort', 'cdc-started', 'cutover', 'accept OBJECT', 'confirm pause-replay'])(
    '%s wants the run’s name, to the letter',
    (words) => {
      const [, command] = TYPED.find(([one]) => one === words) ?? [];
      if (command === undefined || !('typed' in command)) throw new Error(`${words} asks for no name`);
      for (const typed of ['', 'Acme', 'acme ', 'another'])
        expect(refusalIn('a step waits', {...command, typed})).toEqual({
          why: 'what was typed is not the name of the run',
          remedy: 'type acme',
        });
    },
  );
});

/** Every state of a run, so that none is without an answer. */
const NEXT: Readonly<Record<NamedState, string>> = {
  new: 'begins with the first step',
  'before P': 'goes on with pause-replay; what is done is recognised',
  'a step waits': 'waits to be confirmed: longhaul confirm pause-replay acme',
  'P captured': 'goes on with prove-boundary; what is done is recognised',
  'P proved': 'goes on with strip-target; what is done is recognised',
  loading: 'goes on with full-load; what is done is recognised',
  'a lane paused': 'goes on with full-load; lanes that are paused stay so: longhaul resume --all',
  'a unit failed': 'goes on with full-load; what is done is recognised',
  'load done': 'goes on with compare-rows; what is done is recognised',
  'a difference open': 'tries once more what differs, proves P once more and resumes replay',
  compared: 'proves P once more and resumes replay',
  'replay resumed': 'proves once more that change capture can begin at P',
  done: 'proves once more that change capture can begin at P',
  'change capture begun': 'checks that the slots that change capture reads are there and not lost',
  'caught up': 'checks that the slots that change capture reads are there and not lost',
  'cutover under way': 'takes the cutover back that its supervisor left, and allows writes on the source again',
  'target being opened': 'goes on with the hand-over, which has begun to open the target',
  'handed over': 'has nothing more to do: the run was handed over',
  'cutover taken back': 'checks that the slots that change capture reads are there and not lost',
  'P lost by the replica': 'pauses replay again and takes a new P with the same slots; what is loaded is loaded again',
  'P no longer proved': 'refuses while the slots are as they are: longhaul run',
  released: 'makes new slots, takes a new P with them and loads everything again',
  aborted: 'begins with the first step',
};

describe('what longhaul run does next', () => {
  test.each(Object.entries(NEXT) as [NamedState, string][])('%s: it %s', (name, words) => {
    expect(whatIsNext(stateNamed(name))).toBe(words);
  });
});
