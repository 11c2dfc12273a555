import type {Binding} from '../binding/binding.ts';
import {numberOf, PANES, titleOf} from '../panes/panes.ts';
import {wrapText} from '../screen/wrap.ts';
import {GROUPS} from './bindings.ts';
import {showKey} from './key-names.ts';

const BEFORE_PANES = `# The console: panes and keys

\`longhaul run\` and \`longhaul attach\` open the console; \`longhaul attach --read-only\` one that can change nothing. It is a client of the
run's supervisor: leaving it, or killing it, changes nothing in the run, and several may be open at once.

## What is always visible

The first line: run and phase, P and whether it is proved, alarms, RO when read-only, how long the run has taken; \`BLIND since …\` while
there is no connection to the supervisor. The second line: the WAL that the worst slot retains and its trend, when the primary's disk is full at
this growth (from … to …), lanes running, paused and failed, what is left of the load and how long that takes, and how old the oldest
probe is.

## Panes

`;

const BEHIND_PANES = `
From 120x30 on all panes are side by side, in two columns; below 60x12 the console only says which size it wants. The rows of a column are shared by
what its panes have to show: each lane has a box where all of them fit, and lanes with nothing to do give their rows to events.

\`console.theme\` of longhaul.yaml chooses colours for a dark background or a \`light\` one; \`NO_COLOR\` turns them off. \`LONGHAUL_ASCII=1\`, a locale
without UTF-8 or a dumb terminal has ASCII signs.

With \`console.mouse: yes\`, a click gives the keys to a pane and puts the cursor on the row, and the wheel moves the cursor, or scrolls what covers
the panes. It answers no question: whatever changes something is a key. The terminal's own marking of text then wants Shift, in most terminals.

## Keys

What touches a server or cannot be undone opens a question that names the server and shows the exact SQL or signal; Enter alone never
answers it. A key that does nothing now says why. What was typed is dropped if the question changes while it is open.
`;

/** docs/keys.md: what the panes show, and every binding by group. `npm run docs:keys` writes it. */
export function keysPage(): string {
  const panes = PANES.map((pane) => {
    const text = `${numberOf(pane)}. **${titleOf(pane)}**: ${pane.about}`;
    return `${wrapText(text, 130).join('\n   ')}\n`;
  });
  const groups = GROUPS.map(([group, bindings]) => {
    const rows = bindings.map(row).join('');
    return `\n### ${group}\n\n| Key | Name in the palette | What it does |\n| --- | --- | --- |\n${rows}`;
  });
  return [BEFORE_PANES, ...panes, BEHIND_PANES, ...groups].join('');
}

function row(binding: Binding): string {
  const keys = binding.keys.map((key) => `\`${showKey(key, 'Enter')}\``).join(' ');
  const text = binding.help.replaceAll('|', '\\|');
  return `| ${keys === '' ? '`:`' : keys} | ${binding.label} | ${text} |\n`;
}
