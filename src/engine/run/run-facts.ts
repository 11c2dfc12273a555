import {mirroredStep, mirroredWords} from '../../domain/run/back/mirror.ts';
import type {Config} from '../../config/config.ts';
import {describeConninfo} from '../../config/conninfo/conninfo.ts';
import {engineOf} from '../capture/engines.ts';
import {BACK_STEPS, cutoverSteps} from '../runbook.ts';
import type {RunFolder} from './run-folder.ts';
import type {Step} from '../step.ts';
import {whyNoRate, type Tools} from '../tools/tools.ts';
import type {RunFacts} from '../wire/protocol.ts';

/** What a console may know of the configuration: no secrets, no conninfo. */
export function runFacts({
  config,
  folder,
  steps,
  tools,
}: {
  config: Config;
  folder: RunFolder;
  steps: readonly Step[];
  tools: Tools;
}): RunFacts {
  const {source, replica, target} = config.servers;
  const {name, needs} = engineOf(config);
  return {
    run: config.run,
    servers: {
      source: describeConninfo(source),
      replica: describeConninfo(replica),
      target: describeConninfo(target),
    },
    changeCapture: needs.slots === null ? null : name,
    rate: {configured: config.load.rateBytes, off: whyNoRate(tools)},
    folder: folder.path,
    // Those of the cutover and of the way back are walked on their own, and shown below the others.
    steps: [...[...steps, ...cutoverSteps(config)].map((step) => factsOf(step)), ...BACK_STEPS.map(mirrored)],
  };
}

type StepFacts = RunFacts['steps'][number];

function factsOf({id, phase, title, why, confirm}: Step): StepFacts {
  return {id, phase, title, why, confirm};
}

/** A step of the way back, in the words of the other direction. */
function mirrored(step: Step): StepFacts {
  const {id, title, why} = step;
  return {
    ...factsOf(step),
    id: mirroredStep(id),
    phase: 'back',
    title: mirroredWords(title),
    why: mirroredWords(why),
  };
}
