// npm run docs:keys: writes docs/keys.md from the bindings. A test compares them.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {keysPage} from '../src/ui/keys/keys-page.ts';

writeFileSync(join(import.meta.dirname, '../docs/keys.md'), keysPage());
