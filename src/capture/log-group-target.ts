import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { placeOf } from '../internal/arns';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';
import { admitToLogGroup } from '../internal/log-group-policy';

/**
 * Properties of a `LogGroupTarget`.
 */
export interface LogGroupTargetProps {
  /**
   * Write only these fields of each event, as one line of text.
   *
   * JSON paths to single values, such as `$.detail.data.orderId`; lists and objects cannot be written so, and a value
   * with a quote in it may be lost. Up to 99.
   *
   * @default - the whole event
   */
  readonly fields?: string[];
}

/**
 * Writes events to a log group, which admits EventBridge by a policy of its own.
 *
 * Unlike the target of the CDK it needs no custom resource, and takes none of the ten resource policies that an account
 * and Region holds.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
 *
 * @example
 *
 * declare const backbone: BackboneMember;
 *
 * const logGroup = new logs.LogGroup(this, 'Orders', { logGroupName: '/aws/events/orders' });
 * backbone.subscribe('Orders', { detailType: ['Order.Created'], target: new LogGroupTarget(logGroup) });
 */
export class LogGroupTarget implements events.IRuleTarget {
  private readonly logGroup: logs.ILogGroup;
  private readonly props: LogGroupTargetProps;

  /**
   * @param logGroup the log group, in the account and Region of the rule, with a name of its own
   * @param props what to write
   */
  constructor(logGroup: logs.ILogGroup, props: LogGroupTargetProps = {}) {
    this.logGroup = logGroup;
    this.props = props;
  }

  /**
   * Called by the rule.
   *
   * @param rule the rule
   * @param _id not used
   */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    const { fields } = this.props;
    const input = fields && lineOf(rule, fields);
    this.admitEventBridge(rule);
    return {
      // Without the ":*" of logGroupArn, which a rule's target must not have.
      arn: Stack.of(rule).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: this.logGroup.logGroupName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        partition: placeOf(rule).partition,
      }),
      input,
      targetResource: this.logGroup,
    };
  }

  /**
   * No source condition: whether the service sends one on this path is not documented, and a target in another account
   * is refused anyway (docs/adr/0005).
   */
  private admitEventBridge(rule: IConstruct): void {
    admitToLogGroup(rule, this.logGroup, {
      Sid: 'EventBridgeRules',
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
    });
  }
}

/** What a transformer writes. */
class LineInput extends events.RuleTargetInput {
  constructor(private readonly properties: events.RuleTargetInputProperties) {
    super();
  }

  public bind(): events.RuleTargetInputProperties {
    return this.properties;
  }
}

const FIELD = /^\$(\.[A-Za-z0-9_-]+)+$/;

/** The two keys that CloudWatch Logs takes of a transformed event: when, and one line of `name=value` pairs. */
function lineOf(scope: IConstruct, fields: string[]): events.RuleTargetInput {
  const most = limits.INPUT_PATHS - 1;
  if (fields.length === 0 || fields.length > most) {
    throw new BackboneError(
      'LogFieldInvalid',
      `${fields.length} fields were given, 1 to ${most} are possible: leave fields out to keep whole events`,
      scope,
    );
  }
  const paths: Record<string, string> = { timestamp: '$.time' };
  const pairs = fields.map((field, i) => {
    if (!FIELD.test(field)) {
      throw new BackboneError(
        'LogFieldInvalid',
        `field ${shown(field)} is not a path to a single value: write it such as "$.detail.data.orderId"`,
        scope,
      );
    }
    paths[`f${i}`] = field;
    return `${field.slice(field.lastIndexOf('.') + 1)}=<f${i}>`;
  });
  return new LineInput({
    inputPathsMap: paths,
    inputTemplate: `{"timestamp": <timestamp>, "message": "${pairs.join(' ')}"}`,
  });
}
