import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

/** A synthesized stack: where it goes, and what is in it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The file of the template. */
  readonly templateFile: string;
  readonly template: Template;
}

export interface Template {
  readonly Resources?: Record<string, TemplateResource>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, any>;
  readonly DependsOn?: string | string[];
}

/**
 * Reads the stacks of a cloud assembly, those of nested assemblies (stages) too, in the order of the manifest.
 *
 * @param directory usually `cdk.out`
 */
export function readAssembly(directory: string): SynthesizedStack[] {
  const manifestFile = join(directory, 'manifest.json');
  if (!existsSync(manifestFile)) {
    throw new Error(`${directory} is not a cloud assembly: it has no manifest.json; run "cdk synth" first`);
  }
  const { artifacts = {} } = JSON.parse(readFileSync(manifestFile, 'utf8'));
  return Object.entries<any>(artifacts).flatMap(([id, { type, environment, properties }]) => {
    if (type === 'cdk:cloud-assembly') return readAssembly(join(directory, properties.directoryName));
    if (type !== 'aws:cloudformation:stack') return [];
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
    const templateFile = join(directory, properties.templateFile);
    const template = JSON.parse(readFileSync(templateFile, 'utf8'));
    return [{ name: properties.stackName ?? id, account, region, templateFile, template }];
  });
}
