/** Text with a question mark for each surrogate that has no partner: what is left of one in UTF-8. */
export function withoutHalves(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?');
}
