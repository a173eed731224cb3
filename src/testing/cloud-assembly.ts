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
  /** Nested stacks whose templates are in the assembly, by the logical id of their resource. */
  readonly nested?: Readonly<Record<string, SynthesizedStack>>;
}

export interface Template {
  readonly Resources?: Record<string, TemplateResource>;
  /** Macros, which may make anything. */
  readonly Transform?: unknown;
  readonly Parameters?: Record<string, { readonly Type: string }>;
  readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, any>;
  readonly DependsOn?: string | string[];
  readonly Condition?: string;
}

/**
 * Reads the stacks of a cloud assembly, those of nested assemblies (stages) too, in the order of the manifest. Nested
 * stacks are inside those that make them.
 *
 * @param directory usually `cdk.out`
 */
export function readAssembly(directory: string): SynthesizedStack[] {
  const manifestFile = join(directory, 'manifest.json');
  if (!existsSync(manifestFile)) {
    throw new Error(`${directory} is not a cloud assembly: it has no manifest.json; run "cdk synth" first`);
  }
  const { artifacts = {} } = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const assembly = { directory, files: assetFiles(directory, Object.values(artifacts)) };
  return Object.entries<any>(artifacts).flatMap(([id, { type, environment, properties }]) => {
    if (type === 'cdk:cloud-assembly') return readAssembly(join(directory, properties.directoryName));
    if (type !== 'aws:cloudformation:stack') return [];
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
    return [readStack(assembly, properties.templateFile, { name: properties.stackName ?? id, account, region })];
  });
}

type Place = Pick<SynthesizedStack, 'name' | 'account' | 'region'>;

interface Assembly {
  readonly directory: string;
  /** The files of assets, by their hash. */
  readonly files: Record<string, string>;
}

function assetFiles(directory: string, artifacts: any[]): Record<string, string> {
  const manifests = artifacts
    .filter(({ type, properties }) => type === 'cdk:asset-manifest' && existsSync(join(directory, properties.file)))
    .map(({ properties }) => JSON.parse(readFileSync(join(directory, properties.file), 'utf8')));
  const files = manifests.flatMap((manifest) => Object.entries<any>(manifest.files ?? {}));
  return Object.fromEntries(files.map(([hash, { source }]) => [hash, source?.path]));
}

function readStack(assembly: Assembly, file: string, place: Place): SynthesizedStack {
  const templateFile = join(assembly.directory, file);
  const template: Template = JSON.parse(readFileSync(templateFile, 'utf8'));
  const nested = Object.entries(template.Resources ?? {}).flatMap(([id, resource]) => {
    const path = resource.Type === NESTED_STACK ? nestedTemplate(assembly, resource) : undefined;
    return path === undefined ? [] : [[id, readStack(assembly, path, { ...place, name: `${place.name}/${id}` })]];
  });
  return { ...place, templateFile, template, nested: Object.fromEntries(nested) };
}

/** The address of a nested template ends with the hash of its file. */
function nestedTemplate({ directory, files }: Assembly, { Properties }: TemplateResource): string | undefined {
  const [, hash] = /([0-9a-f]{64})\.json"/.exec(JSON.stringify(Properties?.TemplateURL) ?? '') ?? [];
  const path = hash && files[hash];
  return path && existsSync(join(directory, path)) ? path : undefined;
}

export const NESTED_STACK = 'AWS::CloudFormation::Stack';
