import { arnsIn } from './arns';
import { forwardingRoleRows } from './forwarding-role';
import { forwardingRuleRows } from './forwarding-rule';
import { globalBusRows } from './global-bus';
import { keyRows } from './keys';
import { localBusRows } from './local-bus';
import { logRows } from './logs';
import { queueRows } from './queues';
import { republisherRows } from './republisher';
import type { Row } from './row';
import { streamRows } from './streams';
import { targetRows } from './targets';
import type { AppPolicies } from '../../../../src/testing/iam/app-policies';

export { outside } from './people';
export { titleOf, type Row } from './row';

/** Every row, by what it is about. */
export function permissionRows(policies: AppPolicies): Record<string, Row[]> {
  const arns = arnsIn(policies);
  return {
    'the global bus': globalBusRows,
    'local buses': localBusRows,
    'the forwarding role': forwardingRoleRows,
    'forwarding rules of members': forwardingRuleRows,
    'dead-letter queues': queueRows(arns),
    keys: keyRows(arns),
    'log groups': logRows,
    'streams and buckets': streamRows(arns),
    'targets and roles of the teams': targetRows(arns),
    'republishers, their buses and queues': republisherRows(arns),
  };
}
