import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import type {Dialog, Question} from '../store/overlay.ts';
import {serverFacts} from './server-facts.ts';

type OfSlot = Extract<Question, {about: 'pause-cdc' | 'resume-cdc' | 'kick-cdc'}>;

const TITLES: Readonly<Record<OfSlot['about'], string>> = {
  'pause-cdc': 'Pause change capture of a slot',
  'resume-cdc': 'Resume change capture of a slot',
  'kick-cdc': 'Start change capture of a slot again',
};

const AFTER: Readonly<Record<OfSlot['about'], string>> = {
  'pause-cdc': 'its slot keeps what comes, on the disk of the source, until it is resumed',
  'resume-cdc': 'it goes on from where it is',
  'kick-cdc': 'it goes on from where it is; nothing is lost',
};

/** Before one slot's change capture is stopped, goes on, or is started again. */
export function slotDialog(live: Live, {about, slot}: OfSlot): Dialog {
  return {
    title: TITLES[about],
    facts: [
      {label: 'slot', text: screenText(slot), stake: true},
      ...serverFacts(live, ['source', 'target']),
      {label: 'after it', text: AFTER[about]},
    ],
    runs: null,
    expect: null,
    expectIs: '',
    command: {type: about, slot},
  };
}

/** Before a table that was made since is taken in. */
export function adoptDialog(live: Live, table: string): Dialog {
  const run = live.run.run ?? '';
  return {
    title: 'Adopt a table that was made since',
    facts: [
      {label: 'table', text: screenText(table), stake: true},
      ...serverFacts(live, ['source', 'target']),
      {label: 'meanwhile', text: 'its writers wait for a moment; its slot is held on the target until it is copied'},
    ],
    runs: null,
    expect: run,
    expectIs: "the run's name",
    command: {type: 'adopt-table', table, typed: run},
  };
}
