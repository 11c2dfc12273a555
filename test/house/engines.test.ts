import {describe, expect, test} from 'vitest';
import {readSources} from './sources.ts';

/** The code of a file: without comments, and of strings only what is put into them. */
function codeOf(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '')
    .replaceAll(/`(?:[^`\\$]|\\.|\$(?!\{)|\$\{[^{}]*\})*`/g, (template) =>
      [...template.matchAll(/\$\{([^{}]*)\}/g)].map(([, inner]) => inner).join(';'),
    );
}

// `none` is a word of others, too: it counts beside what is called an engine.
const NAMED = `['"](?:dms|pglogical|native)['"]`;
const NONE = `['"]none['"]`;
const COMPARED = new RegExp(
  [
    `[!=]==?\\s*${NAMED}|${NAMED}\\s*[!=]==?|case ${NAMED}`,
    `engine\\w*\\s*[!=]==?\\s*${NONE}|${NONE}\\s*[!=]==?\\s*[\\w.?]*engine`,
    `(?:${NAMED}|${NONE})[^\\]\\n]*\\]\\.includes\\([\\w.?]*engine`,
  ].join('|'),
  'i',
);
const READ = /\bcdc\??\.engine\b|\bengine\b[^{}]*\}(?:: [^=]*)? = [\w.]*\bcdc\b/;

const compares = (text: string): boolean => COMPARED.test(codeOf(text));
const reads = (text: string): boolean => READ.test(codeOf(text).replaceAll(/'(?:[^'\\\n]|\\.)*'/g, ''));

describe('what the engine of change capture wants is asked of the engine', () => {
  test('no file compares its name with a word', () => {
    const wrong = readSources().filter(({path, text}) => !path.startsWith('src/engine/capture/') && compares(text));
    expect(wrong.map(({path}) => path)).toEqual([]);
  });

  test('its name is read where the engine is looked up, and where it is told or kept', () => {
    const readers = readSources().filter(({text}) => reads(text));
    expect(readers.map(({path}) => path).toSorted()).toEqual([
      'src/cli/commands/run.ts',
      'src/config/load.ts',
      'src/engine/capture/engines.ts',
      'src/engine/capture/needs.ts',
      'src/engine/inventory/inventory-file.ts',
    ]);
  });

  // A search that finds nothing would say that all is well.
  test.each([
    ["if (ctx.config.cdc.engine !== 'none') return;", true, true],
    ["const withSlots = 'dms' === engine;", true, false],
    ["switch (cdc.engine) {\n  case 'pglogical':", true, true],
    ["['dms', 'native'].includes(config.cdc.engine)", true, true],
    ["return 'none' !== ctx.config.cdc.engine;", true, true],
    ["if (found === 'none') return;", false, false],
    ['const {engine} = config.cdc;', false, true],
    ['say(`no step with ${config.cdc.engine}`);', false, true],
    ["remedy: 'cdc.engine: none in longhaul.yaml',", false, false],
    ["// where cdc.engine === 'none'\n", false, false],
  ])('%s', (text, compared, read) => {
    expect([compares(text), reads(text)]).toEqual([compared, read]);
  });
});
