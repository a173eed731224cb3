import type { IConstruct } from 'constructs';
import { type EventContract } from './event-contract';
import { BackboneError } from '../internal/errors';
import { warn } from '../internal/warnings';

const TOLD = Symbol.for('cdk-event-backbone.advice');

/**
 * Prints what is to be said about the schema of a contract, once in an app, however many constructs take the contract.
 *
 * @param options whether its events get the stamp of a republisher, on which some advice is; what would be refused
 * with every event is an error then
 */
export function warnOfAdvice(scope: IConstruct, contract: EventContract, options = { isRepublished: true }): void {
  const root = scope.node.root as IConstruct & { [TOLD]?: Set<string> };
  if (root[TOLD] === undefined) Object.defineProperty(root, TOLD, { value: new Set() });
  for (const { id, message, isFatal } of contract._advice) {
    if (id === 'Contract.metadataClosed' && !options.isRepublished) continue;
    const text = `${contract.schemaName}: ${message}`;
    if (isFatal) throw new BackboneError('SchemaInvalid', text, scope);
    if (root[TOLD]!.has(text)) continue;
    root[TOLD]!.add(text);
    warn(scope, id, text);
  }
}
