import {type MouseReport, mouseReader} from './reports.ts';

/** The terminal's input as Ink reads it, without the mouse's reports, which are heard in their turn: Ink drops them. */
export function withoutMouse(stdin: NodeJS.ReadStream, hear: (report: MouseReport) => void): NodeJS.ReadStream {
  const take = mouseReader();
  const queue: (string | MouseReport)[] = [];
  const read = (): string | null => {
    for (;;) {
      const next = queue.shift();
      if (typeof next === 'string') return next;
      if (next !== undefined) {
        hear(next);
        continue;
      }
      // Ink has set the encoding, so that it is text.
      const piece: unknown = stdin.read();
      if (typeof piece !== 'string') return null;
      queue.push(...take(piece));
    }
  };
  return new Proxy(stdin, {
    get: (target, name): unknown => {
      if (name === 'read') return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
