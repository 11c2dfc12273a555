import {counted} from '../../domain/base/units.ts';
import {drawCutover} from '../cutover/draw.ts';
import {cutoverView} from '../cutover/view.ts';
import {paletteView} from '../keys/palette.ts';
import {drawLog, logNote} from '../log/draw.ts';
import {paneOf} from '../panes/panes.ts';
import {boxed, filled} from '../screen/frame.ts';
import {paneRoom} from '../screen/layout.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clipLine} from '../screen/width.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Overlay} from '../store/overlay.ts';
import {completeFindings} from '../view-model/findings.ts';
import {drawDialog, layDialog} from './dialog.ts';
import {drawHelp} from './help.ts';
import {drawPalette} from './palette.ts';
import {drawFacts, drawFindings} from './text-view.ts';

interface Room {
  readonly width: number;
  readonly height: number;
  readonly symbols: Symbols;
}

/** What covers the panes, in exactly their cells; null for what is typed in the message line only. */
export function drawOverlay(state: ConsoleState, overlay: Overlay, room: Room): Line[] | null {
  const inner = {...room, width: room.width - 2, height: room.height - 2};
  switch (overlay.kind) {
    case 'filter':
    case 'search':
      return null;
    case 'dialog':
      return filled(drawDialog(overlay, {...room, complete: state.complete}), room.height);
    case 'help':
    case 'findings':
    case 'cutover':
    case 'detail': {
      const {title, lines} = textOf(state, overlay, inner);
      return scrolled(lines, overlay.top, {...room, title});
    }
    case 'palette':
      return framed(drawPalette(paletteView(state, overlay.typed), overlay, inner), {
        ...room,
        title: 'Actions',
        note: 'Enter does it, Esc closes it',
      });
    case 'log':
      return framed(drawLog(overlay, room), {...room, title: `Log of ${overlay.title}`, note: logNote(overlay)});
  }
}

type TextOverlay = Extract<Overlay, {kind: 'help' | 'findings' | 'cutover' | 'detail'}>;

function textOf(state: ConsoleState, overlay: TextOverlay, room: Room): {title: string; lines: readonly Line[]} {
  const {width} = room;
  const {complete} = state;
  switch (overlay.kind) {
    case 'help':
      return {title: 'Keys', lines: drawHelp(state, width)};
    case 'findings':
      return {title: 'Alarms and findings', lines: drawFindings(completeFindings(state), width)};
    case 'cutover': {
      const view = cutoverView(state.live, state.nowMs, state.view.readOnly);
      if (view === null)
        return {title: 'Cutover', lines: [[span(complete(' no cutover was begun: longhaul cutover --check'), 'dim')]]};
      return {title: view.title, lines: drawCutover({...view, now: view.now.map(complete)}, room)};
    }
    case 'detail': {
      const {title, facts} = paneOf(overlay.pane).detail(state, overlay.id);
      return {
        title,
        lines: drawFacts(
          facts.map(({label, text}) => ({label, text: complete(text)})),
          width,
        ),
      };
    }
  }
}

/** How far a text over the panes can be scrolled on this terminal; 0 for what does not scroll, and for a log, which knows itself. */
export function lastTop(state: ConsoleState, overlay: Overlay, symbols: Symbols): number {
  const room = paneRoom(state.view);
  const inner = {width: room.width - 2, height: room.height - 2, symbols};
  switch (overlay.kind) {
    case 'help':
    case 'findings':
    case 'cutover':
    case 'detail':
      return Math.max(0, textOf(state, overlay, inner).lines.length - inner.height);
    case 'dialog': {
      const {rows, room: seen} = layDialog(overlay, {...room, complete: state.complete});
      return Math.max(0, rows.length - seen);
    }
    case 'log':
    case 'palette':
    case 'filter':
    case 'search':
      return 0;
  }
}

function scrolled(lines: readonly Line[], top: number, frame: Room & {title: string}): Line[] {
  const height = frame.height - 2;
  const first = Math.max(0, Math.min(top, lines.length - height));
  const below = lines.length - first - height;
  const note = below > 0 ? `${counted(below, 'row')} below, j` : first > 0 ? 'the end, k goes up' : '';
  return framed(lines.slice(first, first + height), {...frame, note});
}

function framed(lines: readonly Line[], frame: Room & {title: string; note: string}): Line[] {
  const body = lines.map((line) => (line.length === 0 ? [span(' ')] : clipLine(line, frame.width - 2)));
  return boxed(body, {...frame, focused: true});
}
