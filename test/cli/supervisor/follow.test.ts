import {expect, test} from 'vitest';
import {followRun} from '../../../src/cli/supervisor/follow.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {RunEvent, WalkEnd} from '../../../src/domain/run/event.ts';
import type {ClientEvent, WireClient} from '../../../src/engine/wire/client.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {journal} from '../../ui/fixtures/acme-run.ts';

const PROVED: RunEvent[] = [
  {type: 'run.started', run: 'acme', version: '1', steps: ['resume-replay']},
  {
    type: 'boundary.captured',
    boundary: {lsn: parseLsn('0/500'), postmasterStart: '', timeline: 1, systemIdentifier: '7', capturedAt: ''},
  },
  {type: 'boundary.proved', evidence: {}, slots: ['dms_slot_01']},
];
const GONE: RunEvent = {
  type: 'boundary.disproved',
  failure: {message: 'slot dms_slot_01 is gone', remedy: 'longhaul release', unreachable: false},
  evidence: {},
};

const stopped = (end: WalkEnd, reason: string): RunEvent => ({type: 'run.stopped', reason, end});

/** What a supervisor says of a run, as a client hears it: a snapshot, then what follows. */
async function follow(before: readonly RunEvent[], after: readonly RunEvent[]) {
  const lines: string[] = [];
  const entries = journal([...before, ...after]);
  const known = entries.slice(0, before.length);
  const client: Pick<WireClient, 'on'> = {
    on: (hear: (event: ClientEvent) => void) => {
      hear({type: 'snapshot', state: reduceAll(known), events: known, readings: []});
      for (const entry of entries.slice(before.length)) hear({type: 'event', entry});
      return () => undefined;
    },
  };
  const code = await followRun(client as WireClient, 0, (line) => lines.push(line));
  return {code, p: lines.findLast((line) => line.startsWith('P ')), last: lines.at(-1)};
}

test('a run that is done tells its proof and exits 0', async () => {
  expect(await follow(PROVED, [{type: 'run.done'}])).toMatchObject({
    code: 0,
    p: expect.stringMatching(/^P 0\/500, proved at /),
  });
  expect(await follow([...PROVED, {type: 'run.done'}], [])).toMatchObject({code: 0});
});

test('a run that is done and whose P is no longer proved exits 1, whichever came first', async () => {
  const told = {code: 1, p: expect.stringContaining('NO LONGER PROVED')};
  expect(await follow(PROVED, [GONE, {type: 'run.done'}])).toMatchObject(told);
  expect(await follow([...PROVED, GONE, {type: 'run.done'}], [])).toMatchObject(told);
});

test('the last line says what now, also where an alarm came after the end', async () => {
  const step = {type: 'step.done', step: 'resume-replay', evidence: {boundary: '0/500'}, already: false} as never;
  const told = {code: 0, last: expect.stringMatching(/^what now: Start change capture at P 0\/500 on dms_slot_01; /)};
  expect(await follow(PROVED, [step, {type: 'run.done'}])).toMatchObject(told);
  const alarm = {id: 'cdc.start', severity: 'warning', subject: '', seen: '', remedy: ''} as const;
  expect(await follow([...PROVED, step, {type: 'run.done'}, {type: 'alarm.raised', alarm}], [])).toMatchObject(told);
});

test('a walk that has reached its --until exits 0, whatever is said of it, and one that ended in another way does not', async () => {
  expect(await follow(PROVED, [stopped('reached', 'the walk is where it was to end')])).toMatchObject({code: 0});
  for (const end of ['failed', 'halted', 'unfinished', 'incomplete'] as const)
    expect(await follow(PROVED, [stopped(end, 'reached the end of its patience')])).toMatchObject({code: 1});
  // A journal of format 0.
  expect(await follow(PROVED, [{type: 'run.stopped', reason: 'reached --until full-load'}])).toMatchObject({code: 1});
});
