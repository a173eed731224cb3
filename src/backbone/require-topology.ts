import type { IConstruct } from 'constructs';
import { BackboneError } from '../internal/errors';
import type { Topology } from '../topology';

/** A topology that was never read must not end in a TypeError. */
export function requireTopology(scope: IConstruct, topology: Topology | undefined): void {
  if (topology !== undefined && topology !== null) return;
  throw new BackboneError(
    'TopologyMissing',
    "topology is undefined: pass Topology.fromFile('topology.json') or a new Topology",
    scope,
  );
}
