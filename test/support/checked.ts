import type {Finding} from '../../src/domain/run/finding.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {longhaul} from './longhaul.ts';

/** What `longhaul check` says of a lab's servers. */
export async function checked(lab: Pick<Lab, 'yamlPath'>): Promise<Finding[]> {
  const {stdout} = await longhaul(lab, 'check', '--json');
  const {findings}: {findings: Finding[]} = JSON.parse(stdout);
  return findings;
}

/** The first finding of that check. */
export async function findingOf(lab: Pick<Lab, 'yamlPath'>, id: string): Promise<Finding | undefined> {
  return (await checked(lab)).find(({check}) => check === id);
}
