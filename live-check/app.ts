import { App } from 'aws-cdk-lib';
import type { LockLevel } from 'cdk-event-backbone';
import { liveCheck } from './live-check';

const { LIVE_CHECK_HUB, LIVE_CHECK_MEMBER, LIVE_CHECK_REGION, LIVE_CHECK_LEVEL } = process.env;
liveCheck(new App(), {
  hubAccount: LIVE_CHECK_HUB!,
  memberAccount: LIVE_CHECK_MEMBER!,
  region: LIVE_CHECK_REGION!,
  level: LIVE_CHECK_LEVEL as LockLevel,
});
