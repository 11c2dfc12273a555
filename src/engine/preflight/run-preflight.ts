import type {Finding} from '../../domain/finding.ts';
import type {StepContext} from '../step.ts';
export async function runPreflight(_ctx: StepContext): Promise<Finding[]> {
  return [];
}
