import {describeDifference, openDifferences} from '../../domain/run/difference.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import type {Dialog} from '../store/overlay.ts';

/** Before the target stays as it is in everything that is open: what that is, and what is lost with it. */
export function acceptDialog(live: Live): Dialog {
  const open = openDifferences(live.run);
  const run = live.run.run ?? '';
  return {
    title: 'Accept what differs',
    facts: [
      {label: 'server', text: `target ${screenText(live.facts?.servers.target ?? '')}`, stake: true},
      ...open.map((one, index) => ({
        label: index === 0 ? 'differs' : '',
        text: screenText(describeDifference(one)),
        stake: true as const,
      })),
      {label: 'lost', text: 'what it would enforce or speed up is missing after the move; it is not tried again'},
      {label: 'after it', text: 'the report names you beside it, and longhaul run (C) ends the run'},
      {
        label: 'one only',
        text: "longhaul accept names one by one what is accepted; it lists each one's query and remedy",
      },
    ],
    runs: null,
    expect: run,
    expectIs: "the run's name",
    command: {type: 'accept-differences', objects: [...new Set(open.map(({object}) => object))], typed: run},
  };
}
