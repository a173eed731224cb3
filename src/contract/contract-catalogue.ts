import { Resource, Token } from 'aws-cdk-lib';
import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import type { Construct } from 'constructs';
import { warnOfAdvice } from './contract-advice';
import { type EventContract } from './event-contract';
import { openApiOf } from './open-api';
import { takeContracts } from './take-contracts';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';
import { hashed } from '../internal/short-names';
import { warn } from '../internal/warnings';

/**
 * Properties of a `ContractCatalogue`.
 */
export interface ContractCatalogueProps {
  /**
   * What is published: 1,000 contracts at most.
   *
   * Over 100 go into several registries, in this order: put new ones at the end then, since one that moves into another registry
   * is made anew there.
   */
  readonly contracts: EventContract[];

  /**
   * The name of the registry: letters, digits, dots, hyphens and underscores.
   *
   * The second registry of over 100 contracts is `<name>-2`, and so on.
   */
  readonly registryName: string;

  /**
   * What the registry is for, 256 characters at most.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * The lock file of the contracts: synthesis fails where a contract breaks what the file promises to consumers. Made and
   * changed by `npx event-backbone contracts lock`, relative to the directory in which the process was started.
   *
   * @default - contracts may change in any way
   */
  readonly contractLock?: string;
}

/**
 * Publishes contracts in the schema registry of EventBridge, for people to find and for the toolkits of AWS to generate code from.
 *
 * Each is the OpenAPI 3.0 document of the whole event (`AWSEvent`), named `source@DetailType` as the registry names what it
 * discovers: without spaces, and with hyphens for other characters that it does not take.
 *
 * It is a catalogue only: nothing is validated by it, and a change of a schema is one more version, of which 100 fit by
 * default. CloudFormation takes 500 resources in a stack: catalogues of more than some 480 contracts need several stacks.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema-registry.html
 *
 * @example
 *
 * new ContractCatalogue(this, 'Catalogue', {
 *   registryName: 'acme-contracts',
 *   contracts: EventContract.fromDirectory('contracts'),
 * });
 */
export class ContractCatalogue extends Resource {
  /**
   * The names of the registries: one for each 100 contracts.
   */
  public readonly registryNames: string[];

  constructor(scope: Construct, id: string, props: ContractCatalogueProps) {
    super(scope, id, { physicalName: props.registryName });
    const { registryName, description, contractLock } = props;
    takeContracts(this, props.contracts, { lockFile: contractLock });
    const contracts = [...new Map(props.contracts.map((contract) => [contract.schemaName, contract])).values()];
    const most = limits.SCHEMAS_PER_REGISTRY * limits.SCHEMA_REGISTRIES;
    if (contracts.length > most) {
      throw new BackboneError(
        'CatalogueTooLarge',
        `${contracts.length} contracts are more than ${limits.SCHEMA_REGISTRIES} registries with ${limits.SCHEMAS_PER_REGISTRY} schemas each hold, which is what an account has in a Region: make several catalogues, in several accounts or once the quotas are raised`,
        this,
      );
    }
    const registries = Math.max(1, Math.ceil(contracts.length / limits.SCHEMAS_PER_REGISTRY));
    this.registryNames = Array.from({ length: registries }, (_, i) =>
      i === 0 ? registryName : `${registryName}-${i + 1}`,
    );
    this.registryNames.forEach((name) => this.checkName(name));
    this.checkDescription(description);
    const names = catalogueNames(contracts);
    this.registryNames.forEach((name, i) => {
      const registry = new CfnRegistry(this, i === 0 ? 'Resource' : `Registry${i + 1}`, {
        registryName: name,
        description,
      });
      const first = i * limits.SCHEMAS_PER_REGISTRY;
      for (const contract of contracts.slice(first, first + limits.SCHEMAS_PER_REGISTRY)) {
        this.publish(contract, registry, names.get(contract)!);
      }
    });
  }

  private publish(contract: EventContract, registry: CfnRegistry, schemaName: string): void {
    const { content, lost } = openApiOf(contract);
    if (content.length > limits.SCHEMA_CONTENT_LENGTH) {
      throw new BackboneError(
        'CatalogueSchemaTooLong',
        `contract ${contract.schemaName} takes ${content.length} characters as OpenAPI, the schema registry ${limits.SCHEMA_CONTENT_LENGTH} at most: shorten its descriptions and examples, or leave it out: EventBackbone takes "catalogue: false", and a ContractCatalogue of your own the other contracts`,
        this,
      );
    }
    new CfnSchema(this, contract.schemaName, {
      registryName: registry.attrRegistryName,
      schemaName,
      type: 'OpenApi3',
      // The whole of it stands in the document.
      description: contract.description?.slice(0, limits.SCHEMA_DESCRIPTION_LENGTH),
      content,
    });
    warnOfAdvice(this, contract, { isRepublished: false });
    if (lost.length === 0) return;
    const keywords = [
      ...new Set(lost.map(({ keyword, place }) => `"${keyword}" (${contract.schema._origin}${place})`)),
    ];
    warn(
      this,
      'ContractCatalogue.lossy',
      `contract ${contract.schemaName}: the schema registry takes OpenAPI 3.0, which has no ${keywords.join(', ')}: the published schema accepts more than the contract, which is validated in full all the same`,
    );
  }

  private checkName(name: string): void {
    if (Token.isUnresolved(name)) return;
    if (/^[A-Za-z0-9_.-]+$/.test(name) && name.length <= limits.SCHEMA_REGISTRY_NAME_LENGTH && !/^aws\./i.test(name)) {
      return;
    }
    throw new BackboneError(
      'CatalogueNameInvalid',
      `registryName ${shown(name)} is not 1 to ${limits.SCHEMA_REGISTRY_NAME_LENGTH} letters, digits, dots, hyphens and underscores without "aws." at its beginning`,
      this,
    );
  }

  private checkDescription(description?: string): void {
    if (description === undefined || Token.isUnresolved(description)) return;
    if (description.length <= limits.SCHEMA_DESCRIPTION_LENGTH) return;
    throw new BackboneError(
      'DescriptionTooLong',
      `description of ${description.length} characters, ${limits.SCHEMA_DESCRIPTION_LENGTH} at most: shorten it`,
      this,
    );
  }
}

/** The names in the registry, another for each contract, whatever their order. */
function catalogueNames(contracts: EventContract[]): Map<EventContract, string> {
  const plain = new Map(contracts.map((contract) => [contract, nameInRegistry(contract)]));
  const names = [...plain].map(([contract, name]): [EventContract, string] => {
    const sharing = contracts.filter((other) => plain.get(other) === name);
    if (sharing.length === 1 || name === contract.schemaName) return [contract, name];
    return [contract, hashed(name, contract.schemaName, limits.SCHEMA_NAME_LENGTH)];
  });
  return new Map(names);
}

function nameInRegistry({ source, detailType }: EventContract): string {
  const joined = detailType.replace(/\s+(.)/g, (_, next: string) => next.toUpperCase());
  return `${source}@${joined}`.replace(/[^A-Za-z0-9._@-]/g, '-');
}
