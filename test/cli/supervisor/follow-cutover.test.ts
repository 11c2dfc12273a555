import {expect, test} from 'vitest';
import {followCutover} from '../../../src/cli/supervisor/follow-cutover.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {ClientEvent, WireClient} from '../../../src/engine/wire/client.ts';
import {journal} from '../../ui/fixtures/acme-run.ts';

const failure = {message: '3 tables were not compared', remedy: 'longhaul accept', unreachable: false};
const HANDED_OVER: RunEvent[] = [
  {type: 'run.started', run: 'acme', version: '1', steps: ['resume-replay']},
  {type: 'cutover.begun', by: 'ana', steps: ['hand-over', 'validate-constraints']},
  {type: 'cutover.handed-over', by: 'run', evidence: {}},
  {type: 'step.started', step: 'validate-constraints'},
  {type: 'step.failed', step: 'validate-constraints', failure},
];
const ASKED: RunEvent = {type: 'command.received', by: 'ana', command: {type: 'cutover'}};

/** What a client hears that has asked for the cutover to go on: what was before, and then what comes. */
async function follow(comes: readonly RunEvent[], heardAtOnce: number): Promise<0 | 1 | 'open'> {
  const entries = journal([...HANDED_OVER, ...comes]);
  const known = entries.slice(0, HANDED_OVER.length + heardAtOnce);
  const client: Pick<WireClient, 'on'> = {
    on: (hear: (event: ClientEvent) => void) => {
      hear({type: 'snapshot', state: reduceAll(known), events: known, readings: []});
      for (const entry of entries.slice(known.length)) hear({type: 'event', entry});
      return () => undefined;
    },
  };
  const followed = followCutover(client as WireClient, HANDED_OVER.length, () => undefined);
  const open = new Promise<'open'>((resolve) => void setImmediate(() => resolve('open')));
  return Promise.race([followed, open]);
}

test('how the walk before has ended does not end what has not begun yet', async () => {
  expect(await follow([ASKED], 1)).toBe('open');
  expect(await follow([ASKED, {type: 'alarm.cleared', id: 'x'}], 1)).toBe('open');
});

test('it ends as the walk does that was asked for, whether that is heard at once or later', async () => {
  const again: RunEvent[] = [
    ASKED,
    {type: 'step.started', step: 'validate-constraints'},
    {type: 'step.failed', step: 'validate-constraints', failure},
  ];
  expect(await follow(again, 0)).toBe(1);
  expect(await follow(again, 3)).toBe(1);
  expect(await follow(again.slice(0, 2), 1)).toBe('open');
});
