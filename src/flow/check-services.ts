import { ServiceError } from '#errors.ts';
import type { Check, Checkable } from '#ports/check.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Ports } from '#ports/ports.ts';
import { inTime } from './in-time.ts';
import { describeError } from './tell-trouble.ts';

/** A service with the result of its check. */
export interface CheckedService {
  readonly id: string;
  /** As the owner reads it. */
  readonly name: string;
  readonly check: Check;
}

/** What is checked: every service that is set up. */
type Services = Pick<Ports, 'ownerChat' | 'library' | 'describer' | 'captionWriter' | 'platforms'>;

/** Checks all services at once, each within its time. Never rejects. */
export async function checkServices(
  ports: Services & Pick<Ports, 'clock' | 'log'>,
): Promise<readonly CheckedService[]> {
  const { clock, log, ownerChat, library, describer, captionWriter, platforms } = ports;
  const services: readonly (readonly [string, string, Checkable | undefined])[] = [
    ['owner-chat', 'Telegram', ownerChat],
    ['dropbox', 'Dropbox', library],
    ['replicate', 'Replicate', describer],
    ['openai', 'OpenAI', captionWriter],
    ...platforms.map((platform) => [platform.id, platform.name, platform] as const),
  ];
  return await Promise.all(
    services.flatMap(([id, name, service]) =>
      service?.check === undefined
        ? []
        : [
            result(clock, service.check())
              .catch(broken(log, name))
              .then((check) => ({ id, name, check })),
          ],
    ),
  );
}

async function result(clock: Clock, check: Promise<Check>): Promise<Check> {
  return (await inTime(clock, check)) ?? { state: 'broken', problem: { kind: 'timeout' } };
}

/** A check that throws all the same is a bug, which must not hide the others' answers. */
function broken(log: Log, service: string): (error: unknown) => Check {
  return (error) => {
    log.error({ service, error: describeError(error) }, 'A check could not be made');
    const problem = error instanceof ServiceError ? error.problem : { kind: 'unexpected' as const };
    return { state: 'broken', problem };
  };
}
