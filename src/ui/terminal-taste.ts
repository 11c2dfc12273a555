/** What the environment says of the terminal. */
export interface TerminalTaste {
  readonly ascii: boolean;
  readonly noColor: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * ASCII where the locale is not UTF-8, the terminal is dumb or LONGHAUL_ASCII is set, no colours where NO_COLOR is set to anything (https://no-color.org)
 * or the terminal is dumb.
 */
export function terminalTaste(env: Env): TerminalTaste {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((one) => one !== undefined && one !== '') ?? '';
  const unicode = /utf-?8/i.test(locale);
  return {
    ascii: (env['LONGHAUL_ASCII'] ?? '') !== '' || !unicode || env['TERM'] === 'dumb',
    noColor: (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb',
  };
}
