import {lastComparison} from '../../domain/run/cutover/last-comparison.ts';
import {SERVER_ROLES} from '../../domain/pg/server-role.ts';
import {counted, formatBytes} from '../../domain/base/units.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import type {Dialog} from '../store/overlay.ts';
import {serverFacts} from './server-facts.ts';

/** Before replay is paused by hand. */
export function pauseReplayDialog(live: Live): Dialog {
  return {
    title: 'Pause replay on the replica',
    facts: [
      {label: 'server', text: `replica ${screenText(live.facts?.servers.replica ?? '')}`, stake: true},
      {
        label: 'held',
        text: 'received WAL stays on its disk until replay is resumed; queries there see older and older rows',
      },
    ],
    runs: null,
    expect: null,
    expectIs: '',
    command: {type: 'pause-replay'},
  };
}

/** Before replay is resumed by hand: P is over then. */
export function resumeReplayDialog(live: Live): Dialog {
  const {boundary} = live.run;
  return {
    title: 'Resume replay on the replica',
    facts: [
      {label: 'server', text: `replica ${screenText(live.facts?.servers.replica ?? '')}`, stake: true},
      {
        label: 'lost',
        text:
          boundary === null
            ? 'nothing: no P was captured'
            : `the boundary P ${boundary.lsn}: nothing can be loaded or compared at it any more`,
        stake: true,
      },
      {label: 'refused', text: 'by the supervisor while units or comparisons at P are open'},
    ],
    runs: null,
    expect: live.run.run ?? '',
    expectIs: "the run's name",
    command: {type: 'resume-replay'},
  };
}

/** Before the last comparison is ended, which goes on behind the hand-over. */
export function endComparisonDialog(live: Live): Dialog {
  const {tables = 0} = lastComparison(live.run) ?? {};
  return {
    title: 'End the last comparison',
    facts: [
      ...serverFacts(live, ['source', 'target']),
      {label: 'freed', text: 'its snapshots, which keep vacuum from its work on both sides'},
      {
        label: 'lost',
        text: `of ${counted(tables, 'table')} those that are left: they are told as not compared at the hand-over`,
      },
    ],
    runs: null,
    expect: null,
    expectIs: '',
    command: {type: 'end-comparison'},
  };
}

/** Before the steps go on after a failure or a stop; where P is lost, that is a new one and the whole load again. */
export function continueDialog(live: Live): Dialog {
  const {boundaryMoved, steps} = live.run;
  if (boundaryMoved !== null) return newBoundaryDialog(live, boundaryMoved.message);
  const next = steps.find(({state}) => state.status !== 'done' && state.status !== 'skipped');
  const title = live.facts?.steps.find((step) => step.id === next?.id)?.title ?? next?.id ?? 'the first step';
  return {
    title: 'Go on with the steps',
    facts: [
      {label: 'next', text: screenText(title), stake: true},
      ...serverFacts(live, SERVER_ROLES),
      {label: 'first', text: 'every step checks the servers; what is done is not done again'},
      {
        label: 'asks',
        text: 'what is asked before a step is asked again, with its SQL: longhaul plan --sql shows all of it',
      },
    ],
    runs: null,
    expect: null,
    expectIs: '',
    command: {type: 'continue'},
  };
}

function newBoundaryDialog(live: Live, why: string): Dialog {
  const loaded = live.run.units.filter(({state}) => state.status === 'committed');
  const bytes = loaded.reduce((sum, unit) => sum + unit.bytes, 0);
  return {
    title: 'Take a new P and load everything again',
    facts: [
      {label: 'why', text: screenText(`P is lost: ${why}`)},
      ...serverFacts(live, ['replica', 'target']),
      {
        label: 'lost',
        text: `the load so far: ${loaded.length} loaded units, ${formatBytes(bytes)}, are loaded again at the new P`,
      },
      {
        label: 'first',
        text: 'what was loaded at the old P is taken off the target, unit by unit, in the transaction that loads it again',
      },
    ],
    runs: null,
    expect: live.run.run ?? '',
    expectIs: "the run's name",
    command: {type: 'continue'},
  };
}

/** Before it is said that change capture has begun: from then on nobody is told that a slot has moved past P. */
export function cdcStartedDialog(live: Live): Dialog {
  const {boundary, lastProof, run} = live.run;
  return {
    title: 'Change capture has begun',
    facts: [
      {label: 'at P', text: `${boundary?.lsn ?? ''}, proved last at ${lastProof?.at ?? ''}`, stake: true},
      {label: 'slots', text: screenText(lastProof?.slots.join(', ') ?? ''), stake: true},
      {label: 'after it', text: 'a slot that moves past P raises no alarm; that nobody reads one still does'},
      {label: 'only if', text: 'what reads them is change capture: what anybody else consumes is lost'},
    ],
    runs: null,
    expect: run ?? '',
    expectIs: "the run's name",
    command: {type: 'cdc-started', typed: run ?? ''},
  };
}

/** Before the supervisor is ended, with or without its lanes. */
export function shutdownDialog(live: Live, lanes: boolean): Dialog {
  const running = live.run.units.filter(({state}) => state.status === 'running').length;
  return {
    title: lanes ? `End the supervisor and cancel ${counted(running, 'lane')}` : 'End the supervisor',
    facts: [
      {label: 'process', text: `pid ${live.run.supervisor?.pid ?? '?'} on the jump box`, stake: true},
      {
        label: 'lost',
        text: lanes
          ? `everything that ${counted(running, 'lane')} ${running === 1 ? 'has' : 'have'} carried: what is not committed rolls back`
          : 'nothing; alarms are not raised until it runs again',
      },
      {
        label: 'after it',
        text: lanes
          ? 'longhaul run loads those units anew'
          : running === 1
            ? '1 lane goes on; longhaul run takes it over'
            : `${running} lanes go on; longhaul run takes them over`,
      },
    ],
    runs: null,
    expect: live.run.run ?? '',
    expectIs: "the run's name",
    command: {type: 'shutdown', lanes},
  };
}
