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
    boundLogGroup: `/aws/events/${backbone}-bound`,
    serviceStack: `${backbone}-service`,
  };
}
