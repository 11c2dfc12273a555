/** The panes, in the order of their keys 1 to 5. */
export const PANES = ['steps', 'lanes', 'slots', 'storage', 'events'] as const;

/** A pane. */
export type PaneId = (typeof PANES)[number];

/** What stands above a pane. */
export const PANE_TITLES: Readonly<Record<PaneId, string>> = {
  steps: 'Steps',
  lanes: 'Lanes',
  slots: 'Slots',
  storage: 'WAL and disks',
  events: 'Events',
};
