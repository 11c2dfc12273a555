import {expect, test} from 'vitest';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {drawMessage} from '../../../src/ui/draw/message.ts';
import {drawStatus} from '../../../src/ui/draw/status.ts';
import {symbolsFor} from '../../../src/ui/screen/symbols.ts';
import type {Line} from '../../../src/ui/screen/span.ts';
import {hear, type Live, NOTHING_HEARD} from '../../../src/ui/store/live.ts';
import {firstView} from '../../../src/ui/store/view.ts';
import {statusView} from '../../../src/ui/view-model/status.ts';
import {stateNamed} from '../../support/states.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, NOW} from '../fixtures/acme-run.ts';

const symbols = symbolsFor(false);
const taken = stateNamed('cutover taken back');
const textOf = (line: Line): string => line.map(({text}) => text).join('');

function heard(state: RunState): Live {
  const hello = hear(NOTHING_HEARD, {type: 'hello', protocol: 1, pid: 1, facts: FACTS});
  return hear(hello, {type: 'snapshot', state, events: [], readings: readingsAt(NOW)});
}

function message(state: RunState): string {
  const view = firstView({columns: 120, rows: 40, readOnly: false});
  return textOf(drawMessage({live: heard(state), view, nowMs: NOW, complete: String}, {width: 120, symbols}));
}

test.each([60, 80, 100, 200])(
  'the header says at %i columns that the run has taken its cutover back, not that a step has failed and all is done',
  (width) => {
    const [top = []] = drawStatus(statusView(heard(taken), NOW), {width, symbols, readOnly: false});
    expect(textOf(top)).toContain('CUTOVER TAKEN BACK');
    expect(textOf(top)).not.toMatch(/FAILED|DONE/);
  },
);

test('the message line says nothing any more of its failed step: that it was taken back is the alarm', () => {
  expect(message(taken)).not.toContain('drain');
  expect(message({...taken, cutover: null})).toContain('drain: the replica was restarted');
});
