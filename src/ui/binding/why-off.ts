import {screenText} from '../screen/screen-text.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {WhyOff} from './binding.ts';

/** Why no command can be given at all. */
export const noCommands: WhyOff = ({live, view}) => {
  if (view.readOnlyForGood) return 'this console was attached read-only';
  if (view.readOnly) return 'read-only: ctrl-r ends it';
  if (live.link.status === 'lost') return `no connection to the supervisor; ${live.link.remedy}`;
  if (live.link.status === 'refused') return `the supervisor refuses this console; ${screenText(live.link.remedy)}`;
  if (live.link.status === 'connecting') return 'there is no connection to the supervisor yet';
  return live.run.supervisor === null ? 'the supervisor has ended: longhaul run starts it again' : null;
};

/** Why the key does nothing: no command can be given, or this. */
export function unless(why: (state: ConsoleState) => string | null): WhyOff {
  return (state) => noCommands(state) ?? why(state);
}
