import {PassThrough, Writable} from 'node:stream';
import xterm from '@xterm/headless';

/** A terminal in memory: what is written to `stdout` can be read as rows. */
export interface FakeTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Types keys, as they come from a terminal. */
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** The rows of the screen without trailing spaces. */
  rows(): Promise<string[]>;
  /** Everything that was written so far, as it was. */
  written(): string;
}

/** A terminal of this size. */
export function fakeTerminal(columns: number, rows: number): FakeTerminal {
  const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0, convertEol: true});
  let written = '';
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      written += chunk.toString();
      terminal.write(chunk, done);
    },
  });
  const stdout = Object.assign(sink, {columns, rows, isTTY: true}) as unknown as NodeJS.WriteStream;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => undefined,
    ref: () => undefined,
    unref: () => undefined,
  }) as unknown as NodeJS.ReadStream & PassThrough;
  return {
    stdin,
    stdout,
    type: (keys) => void stdin.write(keys),
    resize: (toColumns, toRows) => {
      terminal.resize(toColumns, toRows);
      Object.assign(sink, {columns: toColumns, rows: toRows});
      sink.emit('resize');
    },
    rows: async () => {
      await new Promise<void>((resolve) => terminal.write('', resolve));
      const buffer = terminal.buffer.active;
      return Array.from(
        {length: terminal.rows},
        (_, y) =>
          buffer
            .getLine(buffer.viewportY + y)
            ?.translateToString(true)
            .trimEnd() ?? '',
      );
    },
    written: () => written,
  };
}
