/** That somebody asked to stop: whatever waits gives up, and what was made is destroyed. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
  }
}

let isStopped = false;

/** @param onStop called once, at the first signal; further signals change nothing */
export function stopOnSignals(onStop: (name: string) => void): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!isStopped) onStop(name);
      isStopped = true;
    });
  }
}

export const wasStopped = () => isStopped;

export function goOn(): void {
  if (isStopped) throw new Stopped();
}

export async function pause(milliseconds: number): Promise<void> {
  for (const end = Date.now() + milliseconds; Date.now() < end;) {
    goOn();
    await new Promise((resolve) => setTimeout(resolve, Math.min(500, Math.max(0, end - Date.now()))));
  }
  goOn();
}
