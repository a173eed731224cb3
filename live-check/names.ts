/** The names of what one round makes, all of them beginning alike. */
export function namesOf(level: string) {
  const backbone = `live-check-${level}`;
  return {
    backbone,
    globalBus: `${backbone}-global`,
    localBus: `${backbone}-member`,
    ownBus: `${backbone}-own`,
    hubQueue: `${backbone}-arrivals`,
    memberQueue: `${backbone}-received`,
    deadLetters: `${backbone}-fan-out-dlq`,
    catchAllLogGroup: `/aws/events/${backbone}-global`,
    // Not under /aws/events/, where a policy that the console made for the account usually admits EventBridge as well.
    boundLogGroup: `/live-check/${level}-bound`,
    serviceStack: `${backbone}-service`,
  };
}
