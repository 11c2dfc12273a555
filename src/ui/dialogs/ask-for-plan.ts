import type {Planned} from '../../domain/run/command.ts';
import type {WireClient} from '../../engine/wire/client.ts';
import type {ConsoleStore} from '../store/console-store.ts';
import type {Asked, Overlay} from '../store/overlay.ts';

/** Asks the supervisor what the open question's command would do, unless it was asked already. The answer is shown as long as that is asked. */
export async function askForPlan({
  store,
  client,
}: {
  store: ConsoleStore;
  client: Pick<WireClient, 'plan'>;
}): Promise<void> {
  const top = store.getState().view.overlays.at(-1);
  if (top?.kind !== 'dialog' || top.dialog.runs !== null || top.planned !== null || top.status === 'over') return;
  const asked: Asked = {ok: 'asked'};
  put(store, (overlay) => (overlay === top ? {...top, planned: asked} : overlay));
  const planned = await client
    .plan(top.dialog.command)
    .catch((error: unknown): Planned => ({ok: false, why: error instanceof Error ? error.message : String(error)}));
  put(store, (overlay) => (overlay.kind === 'dialog' && overlay.planned === asked ? {...overlay, planned} : overlay));
}

function put(store: ConsoleStore, change: (overlay: Overlay) => Overlay): void {
  const {view} = store.getState();
  store.setState({view: {...view, overlays: view.overlays.map(change)}});
}
