import {basename} from 'node:path';
import type {Trace} from '../../domain/base/trace.ts';

/** What starts lanes and signals them, by their folders. */
interface StartsAndSignals {
  start(folder: string, own: Readonly<Record<string, string>>, onEnd?: () => void): Promise<void>;
  signal(folder: string, signal: NodeJS.Signals): Promise<boolean>;
  throttle(folder: string, pv: string, bytesPerSecond: number): Promise<boolean>;
}

/** The host of the lanes, which tells the trace of each start and of each signal, and whether there was a process to take it. */
export function tracedHost<Host extends StartsAndSignals>(host: Host, trace: Trace): Host {
  const tell = (event: string, folder: string, facts: Readonly<Record<string, unknown>>): void =>
    trace({trace: 'lanes', event, unit: basename(folder).replace(/\.\d+$/, ''), facts: {folder, ...facts}});
  return {
    ...host,
    start: async (folder, own, onEnd) => {
      // Of what a lane is given in its environment only the names: passwords are among it.
      tell('lane.started', folder, {environment: Object.keys(own)});
      await host.start(folder, own, onEnd);
    },
    signal: async (folder, signal) => {
      const arrived = await host.signal(folder, signal);
      tell('lane.signalled', folder, {signal, arrived});
      return arrived;
    },
    throttle: async (folder, pv, bytesPerSecond) => {
      const isTold = await host.throttle(folder, pv, bytesPerSecond);
      tell('lane.throttled', folder, {bytesPerSecond, isTold});
      return isTold;
    },
  };
}
