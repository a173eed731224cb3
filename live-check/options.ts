import { parseArgs } from 'util';

/** The levels of a local bus, in the order in which they are asked. */
export const LEVELS = ['account', 'role', 'strict'];

export const USAGE = `node --import tsx live-check/run.ts --hub-profile HUB --member-profile MEMBER [--region eu-west-1] [--level ${LEVELS.join(',')}] [--destroy]`;

export interface Options {
  readonly hubProfile: string;
  readonly memberProfile: string;
  readonly region: string;
  readonly levels: string[];
  /** Only destroys what an earlier run left. */
  readonly destroy: boolean;
}

export function optionsOf(args: string[]): Options {
  const values = parsed(args);
  const required = (name: 'hub-profile' | 'member-profile') => {
    if (values[name]) return values[name];
    throw new Error(`--${name} is missing: name a profile of your AWS configuration\n${USAGE}`);
  };
  const levels = values.level.split(',');
  const wrong = levels.find((level) => !LEVELS.includes(level));
  if (wrong !== undefined) throw new Error(`--level ${wrong} is not one of ${LEVELS.join(', ')}`);
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(values.region)) throw new Error(`--region ${values.region} is no Region`);
  return {
    hubProfile: required('hub-profile'),
    memberProfile: required('member-profile'),
    region: values.region,
    levels: [...new Set(levels)],
    destroy: values.destroy,
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        'hub-profile': { type: 'string' },
        'member-profile': { type: 'string' },
        region: { type: 'string', default: 'eu-west-1' },
        level: { type: 'string', default: LEVELS.join(',') },
        destroy: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`);
  }
}
