import { writeFileSync } from 'fs';
import { join } from 'path';
import { attachCustomSynthesis } from 'aws-cdk-lib';
import { ArtifactType } from 'aws-cdk-lib/cloud-assembly-schema';
import type { Construct } from 'constructs';
import { contractsJson } from './contract-lock';
import { type EventContract } from './event-contract';
import { hashOf } from './json';

/**
 * Writes contracts into the cloud assembly at synthesis, for `event-backbone contracts lock --app`: nothing of that is deployed.
 *
 * The file is named by what it holds, so that constructs that take the same contracts share it, and listed in the manifest, which
 * tells it from those of former syntheses. The CDK passes artifacts of type `none` over.
 */
export function putIntoAssembly(scope: Construct, contracts: EventContract[]): void {
  if (contracts.length === 0) return;
  attachCustomSynthesis(scope, {
    onSynthesize: ({ assembly, outdir }) => {
      const text = contractsJson(contracts);
      const name = `contracts-${hashOf(text)}`;
      const file = `${name}.json`;
      writeFileSync(join(outdir, file), text);
      assembly.addArtifact(name, { type: ArtifactType.NONE, properties: { file } });
    },
  });
}
