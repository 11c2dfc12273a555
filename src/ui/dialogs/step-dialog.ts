import {SERVER_ROLES, type ServerRole} from '../../domain/pg/server-role.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import type {Dialog} from '../store/overlay.ts';
import {serverFacts} from './server-facts.ts';

/** The question of a step that waits: what it runs, where, why, and what is lost without it; null when it does not wait. */
export function stepDialog(live: Live, id: StepId): Dialog | null {
  const state = live.run.steps.find((step) => step.id === id)?.state;
  if (state?.status !== 'waiting') return null;
  const facts = live.facts?.steps.find((step) => step.id === id);
  const run = live.run.run ?? live.facts?.run ?? '';
  return {
    title: screenText(facts?.title ?? id),
    facts: [
      {label: 'step', text: id},
      ...serverFacts(live, serversOf(state.actions)),
      {label: 'asks', text: screenText(state.question), stake: true},
      {label: 'why', text: screenText(facts?.why ?? '')},
    ],
    runs: state.actions.flatMap((action) => action.split('\n').map(screenText)),
    expect: run,
    expectIs: "the run's name",
    command: {type: 'confirm-step', step: id, typed: run},
  };
}

// An action reads `source: SELECT …`: every server that one of them touches is named with its address.
function serversOf(actions: readonly string[]): ServerRole[] {
  return SERVER_ROLES.filter((role) => actions.some((action) => action.startsWith(`${role}:`)));
}
