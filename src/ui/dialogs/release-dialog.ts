import {claimedSlots} from '../../domain/run/claimed.ts';
import {planRelease} from '../../domain/pg/release.ts';
import {counted, formatBytes} from '../../domain/base/units.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import type {Dialog} from '../store/overlay.ts';
import {readingOfSlots} from '../view-model/readings.ts';

/** Before the slots are dropped: which, what that frees, what is lost and what has to begin again. */
export function releaseDialog(live: Live): Dialog {
  const reading = readingOfSlots(live);
  const ours = reading?.slots.filter((slot) => slot.ours && slot.kind === 'logical') ?? [];
  const others = reading?.slots.filter((slot) => !ours.includes(slot)) ?? [];
  const frees = reading === null ? null : planRelease(ours, others, reading.currentLsn);
  const lanes = live.run.units.filter(({state}) => state.status === 'running').length;
  const run = live.run.run ?? '';
  return {
    title: 'Release: drop the slots of this run',
    facts: [
      {label: 'server', text: `source ${screenText(live.facts?.servers.source ?? '')}`, stake: true},
      {label: 'slots', text: screenText(claimedSlots(live.run.claimed).join(', ')), stake: true},
      {
        label: 'frees',
        text:
          frees === null ? 'not known: the slots were not read yet' : `about ${formatBytes(frees.freedBytes)} of WAL`,
      },
      ...(frees?.stillHeld == null
        ? []
        : [{label: 'stays', text: `what ${screenText(frees.stillHeld.name)} holds, which is not this run's`}]),
      {
        label: 'lost',
        text: `P ${live.run.boundary?.lsn ?? 'not captured'}: no change after it reaches the target; ${counted(lanes, 'lane')} ${lanes === 1 ? 'is' : 'are'} ended`,
      },
      {label: 'after it', text: 'longhaul run makes new slots and a new P and loads everything again'},
      {
        label: 'readers',
        text: 'a slot that somebody reads is kept; longhaul release --end-readers disconnects the reader',
      },
    ],
    runs: null,
    expect: run,
    expectIs: "the run's name",
    command: {type: 'release', typed: run, endReaders: false, resumeReplay: false},
  };
}
