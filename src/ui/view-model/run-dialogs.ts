import {SERVER_ROLES} from '../../domain/server-role.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import type {Dialog} from '../store/overlay.ts';

/** Before replay is paused by hand. */
export function pauseReplayDialog(live: Live): Dialog {
  return {
    title: 'Pause replay on the replica',
    facts: [
      {label: 'server', text: `replica ${screenText(live.facts?.servers.replica ?? '')}`},
      {
        label: 'held',
        text: 'received WAL stays on its disk until replay is resumed; queries there see older and older rows',
      },
    ],
    runs: ['SELECT pg_wal_replay_pause()   -- before 10: pg_xlog_replay_pause()'],
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
      {label: 'server', text: `replica ${screenText(live.facts?.servers.replica ?? '')}`},
      {
        label: 'lost',
        text:
          boundary === null
            ? 'nothing: no P was captured'
            : `the boundary P ${boundary.lsn}: nothing can be loaded or compared at it any more`,
      },
      {label: 'refused', text: 'by the supervisor while units or comparisons at P are open'},
    ],
    runs: ['SELECT pg_wal_replay_resume()   -- before 10: pg_xlog_replay_resume()'],
    expect: live.run.run ?? '',
    expectIs: "the run's name",
    command: {type: 'resume-replay'},
  };
}

/** Before the steps go on after a failure or a stop. */
export function continueDialog(live: Live): Dialog {
  const next = live.run.steps.find(({state}) => state.status !== 'done' && state.status !== 'skipped');
  const title = live.facts?.steps.find((step) => step.id === next?.id)?.title ?? next?.id ?? 'the first step';
  return {
    title: 'Go on with the steps',
    facts: [
      {label: 'next', text: screenText(title)},
      ...SERVER_ROLES.map((role) => ({label: role, text: screenText(live.facts?.servers[role] ?? 'unknown')})),
      {label: 'first', text: 'every step looks at the servers; what is done is not done again'},
      {
        label: 'asks',
        text: 'what is asked before a step is asked again, with its SQL: longhaul plan --sql shows all of it',
      },
    ],
    runs: [],
    expect: null,
    expectIs: '',
    command: {type: 'continue'},
  };
}

/** Before the supervisor is ended, with or without its lanes. */
export function shutdownDialog(live: Live, lanes: boolean): Dialog {
  const running = live.run.units.filter(({state}) => state.status === 'running').length;
  return {
    title: lanes ? `End the supervisor and cancel ${running} lanes` : 'End the supervisor',
    facts: [
      {label: 'process', text: `pid ${live.run.supervisor?.pid ?? '?'} on the jump box`},
      {
        label: 'lost',
        text: lanes
          ? `everything that ${running} lanes have carried: their transactions roll back`
          : 'nothing; alarms are not raised until it runs again',
      },
      {
        label: 'after it',
        text: lanes ? 'longhaul run loads those units anew' : `${running} lanes go on; longhaul run takes them over`,
      },
    ],
    runs: lanes ? ['SIGTERM to every pg_dump | psql', 'SIGTERM to the supervisor'] : ['the supervisor ends itself'],
    expect: live.run.run ?? '',
    expectIs: "the run's name",
    command: {type: 'shutdown', lanes},
  };
}
