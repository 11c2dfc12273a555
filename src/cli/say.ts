import {shellCommand} from '../engine/tools/shell-quote.ts';

const OURS =
  /\blonghaul (?=(?:init(?! --config)|check|plan|steps|run|attach|status|logs|report|pause|resume|retry|cancel|confirm|continue|shutdown|accept|abort|release|cdc-started|cdc|adopt|compare|drift|lanes|rate|cutover|back|clean-up|doctor)(?![\w-]))/g;

/** Which configuration a command was given; `longhaul.yaml` is what every command takes by itself. */
export interface Given {
  readonly configPath: string;
}

/** Commands of ours in a text carry the --config that this one was given, so that they can be copied. Pure. */
export function withConfig({configPath}: Given, text: string): string {
  // A name that is empty is none to repeat.
  if (configPath === 'longhaul.yaml' || configPath === '') return text;
  return text.replaceAll(OURS, () => `${shellCommand(['longhaul', '--config', configPath])} `);
}

/** Lines that name commands, on standard output. */
export function say(given: Given, text: string): void {
  console.log(withConfig(given, text));
}

/** Lines that name commands, on standard error. */
export function complain(given: Given, text: string): void {
  console.error(withConfig(given, text));
}
