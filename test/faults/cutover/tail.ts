import {open} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {Lab} from '../../../src/lab/lab.ts';

/** Reads a lab's journal from where it ends now, as it grows. */
export interface Tail {
  /** Resolves with true at the first event that is so, with those that came before; false once `over` is. */
  readonly until: (is: (event: RunEvent) => boolean, over: () => boolean) => Promise<boolean>;
  /** All that came so far. */
  readonly seen: () => readonly RunEvent[];
}

const EVERY_MS = 4;

/** The events that are appended from now on. */
export async function tailJournal(lab: Pick<Lab, 'folder'>): Promise<Tail> {
  const file = await open(join(lab.folder, 'run', 'journal.jsonl'));
  let at = (await file.stat()).size;
  await file.close();
  let rest = '';
  const seen: RunEvent[] = [];

  async function read(): Promise<void> {
    const now = await open(join(lab.folder, 'run', 'journal.jsonl'));
    try {
      const {size} = await now.stat();
      if (size <= at) return;
      const {buffer, bytesRead} = await now.read(Buffer.alloc(size - at), 0, size - at, at);
      at += bytesRead;
      const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') seen.push(JSON.parse(line) as RunEvent);
    } finally {
      await now.close();
    }
  }

  return {
    until: async (is, over) => {
      for (;;) {
        const wasOver = over();
        await read();
        if (seen.some(is)) return true;
        if (wasOver) return false;
        await wait(EVERY_MS);
      }
    },
    seen: () => seen,
  };
}
