import {z} from 'zod';
import {yesOrNo} from './values.ts';

/** How the console looks, and what it hears besides keys: `console` of longhaul.yaml. */
export const consoleKeys = z.strictObject({
  theme: z
    .enum(['dark', 'light'], 'must be dark or light')
    .default('dark')
    .describe('Colours for a terminal with a dark background, or with a light one; NO_COLOR turns all of them off'),
  mouse: yesOrNo
    .prefault('no')
    .describe(
      "Whether a click goes to a pane and its row, and the wheel scrolls; the terminal's own marking then wants Shift",
    ),
});
