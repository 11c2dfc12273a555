import {formatBytes} from '../../domain/base/units.ts';
import {claimedSlots} from '../../domain/run/claimed.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import type {Dialog} from '../store/overlay.ts';
import type {LaneRow, LanesView} from '../view-model/lane-rows.ts';
import {serverFacts} from './server-facts.ts';

const TYPABLE = /^[ -~]{1,50}$/;

/** Before a lane is cancelled: its name has to be typed. Null when it is neither at work nor failed. */
export function cancelDialog(live: Live, row: LaneRow): Dialog | null {
  if (row.status === 'queued' || row.status === 'committed') return null;
  const done =
    row.share === null ? 'what it has loaded so far' : `the ${Math.floor(row.share * 100)} % that it has carried`;
  const failed = row.status === 'failed';
  return {
    title: failed ? `Do not try ${row.title} again by itself` : `Cancel the lane of ${row.title}`,
    facts: [
      {label: 'reads', text: `replica ${screenText(live.facts?.servers.replica ?? '')}`, stake: true},
      {label: 'writes', text: `target ${screenText(live.facts?.servers.target ?? '')}`, stake: true},
      {
        label: 'lost',
        text: failed ? 'nothing: no row of it is on the target' : `${done}: the transaction on the target rolls back`,
      },
      {label: 'is', text: failed ? 'failed, and to be tried again by itself' : 'being loaded', stake: true},
      {label: 'after it', text: 'the unit waits until R tries it again; the others go on'},
    ],
    runs: null,
    // A name that no keyboard has, or that nobody would type, gives way to the unit's.
    expect: TYPABLE.test(row.title) ? row.title : row.id,
    expectIs: "the lane's name",
    command: {type: 'cancel-unit', unit: row.id},
  };
}

/** Before every lane is paused: the run's name has to be typed. */
export function pauseAllDialog(live: Live, lanes: LanesView): Dialog {
  const grows =
    claimedSlots(live.run.claimed).length > 0
      ? 'WAL for the slots on the primary'
      : 'WAL on the disk of the paused replica';
  return {
    title: lanes.running === 1 ? 'Pause the lane that runs' : `Pause all ${lanes.running} running lanes`,
    facts: [
      ...serverFacts(live, ['replica', 'target']),
      {
        label: 'held',
        text: 'until U resumes them all: both connections of every lane, its snapshot and xmin, on replica and target',
      },
      {
        label: 'grows',
        text: `${grows}, as long as the load takes longer; ${formatBytes(lanes.leftBytes)} are left`,
      },
    ],
    runs: null,
    expect: live.run.run ?? '',
    expectIs: "the run's name",
    command: {type: 'pause-all'},
  };
}
