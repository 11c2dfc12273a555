import type {Lab} from './lab-state.ts';

/** Labs whose servers end with this process: those in the making, and those that nobody asked to keep. */
const labs = new Set<Lab>();

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** From now on the lab is stopped when this process is told to end (Ctrl-C, kill): servers would go on without it. Returns the lab, whose own `stop` ends that. */
export function stopWithProcess(lab: Lab): Lab {
  const watched: Lab = {
    ...lab,
    stop: async () => {
      keepBehindProcess(watched);
      await lab.stop();
    },
  };
  if (labs.size === 0) for (const signal of SIGNALS) process.on(signal, stopAll);
  labs.add(watched);
  return watched;
}

/** The lab goes on when this process ends. */
export function keepBehindProcess(lab: Lab): void {
  labs.delete(lab);
  if (labs.size === 0) for (const signal of SIGNALS) process.off(signal, stopAll);
}

/** Stops them and ends this process as the signal would have. */
function stopAll(signal: NodeJS.Signals): void {
  void Promise.allSettled([...labs].map(async (lab) => lab.stop())).then(() => process.kill(process.pid, signal));
}
