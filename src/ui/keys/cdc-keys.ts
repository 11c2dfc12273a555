import {formatRelation} from '../../domain/pg/relation.ts';
import {whyNotOfSlot} from '../../domain/rules/refused-in-cdc.ts';
import {slotAsPlanned} from '../../domain/run/capture/slot-names.ts';
import {claimedPglogicalSubscriptions, claimedSlots, claimedSubscriptions} from '../../domain/run/claimed.ts';
import {ask} from '../binding/ask.ts';
import {type Binding, PANE} from '../binding/binding.ts';
import {unless} from '../binding/why-off.ts';
import {say, type ConsoleState} from '../store/console-store.ts';

const CDC = {group: 'Change capture', where: PANE, keys: [], footer: 0} as const;

const OF_SLOT = [
  [
    'pause-cdc',
    'pause change capture',
    'Stop applying the changes of the slot that is chosen in the slots pane; it keeps them.',
  ],
  ['resume-cdc', 'resume change capture', 'Let the slot that is chosen in the slots pane go on from where it is.'],
  ['kick-cdc', 'start change capture again', 'Start the chosen slot again where it sleeps though the source answers.'],
] as const;

/** What is done to change capture that runs: from the palette, for the slot that is chosen in the slots pane. */
export const CDC_KEYS: readonly Binding[] = [
  ...OF_SLOT.map(([about, label, help]): Binding => ({
    ...CDC,
    id: about,
    label,
    also: 'cdc slot apply subscription',
    help,
    off: unless((state) => {
      const slot = chosenSlot(state);
      if (slot === null) return 'choose one of this run’s slots in the slots pane';
      return whyNotOfSlot(state.live.run, about, slot)?.why ?? null;
    }),
    run: (ctx) => {
      const slot = chosenSlot(ctx.store.getState());
      if (slot !== null) ask(ctx, {about, slot});
    },
  })),
  {
    ...CDC,
    id: 'skip-cdc',
    label: 'skip a transaction',
    also: 'cdc error stuck conflict',
    help: 'Go on without a transaction that cannot be applied: says the command that shows it first.',
    off: unless(({live}) => (live.run.cdcStarted === null ? 'change capture has not begun' : null)),
    run: (ctx) => {
      const slot = chosenSlot(ctx.store.getState()) ?? 'SLOT';
      say(
        ctx.store,
        `in another window: longhaul cdc skip ${slot} shows what it would drop, and with --lsn and --yes drops it`,
        'warn',
      );
    },
  },
  {
    ...CDC,
    id: 'adopt-table',
    label: 'adopt a table',
    also: 'cdc new table not captured partition',
    help: "Capture the first of the tables that were made since: makes, copies and compares it; type the run's name.",
    off: unless(({live}) => (live.run.capture.newTables.length > 0 ? null : 'every table is captured')),
    run: (ctx) => {
      const [first] = ctx.store.getState().live.run.capture.newTables;
      if (first !== undefined) ask(ctx, {about: 'adopt-table', table: formatRelation(first.table)});
    },
  },
];

/** The slot of this run that is chosen in the slots pane, as the plan has it; its only one where none is. Pure. */
export function chosenSlot({
  live,
  view,
}: {
  live: Pick<ConsoleState['live'], 'run'>;
  view: Pick<ConsoleState['view'], 'selected'>;
}): string | null {
  const {claimed} = live.run;
  const claims = [
    ...claimedSubscriptions(claimed),
    ...claimedPglogicalSubscriptions(claimed),
    ...claimedSlots(claimed),
  ];
  const own = [...new Set(claims.map((name) => slotAsPlanned(live.run, name)))];
  const chosen = view.selected['slots'];
  if (own.length === 1) return own[0] ?? null;
  if (chosen === undefined || chosen === null) return null;
  return own.find((slot) => slot === slotAsPlanned(live.run, chosen)) ?? null;
}
