import {boxed, filled} from '../screen/frame.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clipLine} from '../screen/width.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Overlay} from '../store/overlay.ts';
import {detailView} from '../view-model/detail.ts';
import {findingsView} from '../view-model/findings.ts';
import {paletteView} from '../view-model/palette.ts';
import {drawDialog} from './dialog.ts';
import {drawHelp} from './help.ts';
import {drawLog, logNote} from './log.ts';
import {drawPalette} from './palette.ts';
import {drawFacts, drawFindings} from './text-view.ts';

interface Room {
  readonly width: number;
  readonly height: number;
  readonly symbols: Symbols;
}

/** What covers the panes, exactly as large as their room; null for what is typed in the message line only. */
export function drawOverlay(state: ConsoleState, overlay: Overlay, room: Room): Line[] | null {
  const inner = {...room, width: room.width - 2, height: room.height - 2};
  switch (overlay.kind) {
    case 'filter':
    case 'search':
      return null;
    case 'dialog':
      return filled(drawDialog(overlay, room), room.height);
    case 'help':
      return scrolled(drawHelp(state, inner.width), overlay.top, {...room, title: 'Keys', note: ''});
    case 'findings':
      return scrolled(drawFindings(findingsView(state.live), inner.width), overlay.top, {
        ...room,
        title: 'Alarms and findings',
        note: '',
      });
    case 'detail': {
      const {title, facts} = detailView(state, overlay.pane, overlay.id);
      return scrolled(drawFacts(facts, inner.width), overlay.top, {...room, title, note: ''});
    }
    case 'palette':
      return framed(drawPalette(paletteView(state, overlay.typed), overlay, inner), {
        ...room,
        title: 'Actions',
        note: 'Enter does it, Esc leaves it',
      });
    case 'log':
      return framed(drawLog(overlay, inner), {...room, title: `Log of ${overlay.title}`, note: logNote(overlay)});
  }
}

function scrolled(lines: readonly Line[], top: number, frame: Room & {title: string; note: string}): Line[] {
  const height = frame.height - 2;
  const first = Math.max(0, Math.min(top, lines.length - height));
  const below = lines.length - first - height;
  const note = below > 0 ? `${below} rows below, j` : frame.note;
  return framed(lines.slice(first, first + height), {...frame, note});
}

function framed(lines: readonly Line[], frame: Room & {title: string; note: string}): Line[] {
  const body = lines.map((line) => (line.length === 0 ? [span(' ')] : clipLine(line, frame.width - 2)));
  return boxed(body, {...frame, focused: true});
}
