import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import type { IgApiClient } from 'instagram-private-api';
import { largestAnswerBytes, policies } from '#ports/policies.ts';

/** Where the package looks for its cookies. */
const instagramAddress = 'https://i.instagram.com/';
const { limitMs } = policies.publishing.instagram;

export interface ClientSettings {
  readonly username: string;
  /** Which version of the app to be; absent: the one that the package was made for. */
  readonly appVersion?: string | undefined;
  readonly appVersionCode?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** A third of a second and 28 MB, so that it is loaded only once there is something to do. */
export function load(): Promise<typeof import('instagram-private-api')> {
  return import('instagram-private-api');
}

/** A client of the package that is nobody yet, on a device that is always the same for a name. */
export async function createClient(settings: ClientSettings): Promise<IgApiClient> {
  const { IgApiClient } = await load();
  const ig = new IgApiClient();
  ig.state.generateDevice(settings.username);
  secure(ig, settings.endpoint);
  const { appVersion, appVersionCode, endpoint } = settings;
  Object.assign(ig.state, {
    constants: {
      ...ig.state.constants,
      ...(endpoint !== undefined && { HOST: endpoint }),
      ...(appVersion !== undefined && { APP_VERSION: appVersion }),
      ...(appVersionCode !== undefined && { APP_VERSION_CODE: appVersionCode }),
    },
  });
  return ig;
}

/** Where cookies belong that this client is to send. */
export function addressOf({ endpoint }: Pick<ClientSettings, 'endpoint'>): string {
  return endpoint ?? instagramAddress;
}

/**
 * The package switches the check of certificates off, follows redirects, and has no limits of time and size; all that
 * is put right here.
 */
function secure(ig: IgApiClient, endpoint: string | undefined): void {
  const send = ig.request.send.bind(ig.request);
  const baseUrl = endpoint === undefined ? {} : { baseUrl: endpoint };
  const patched: typeof send = (options, onlyCheckStatus) => {
    const limit = AbortSignal.timeout(limitMs);
    const bounds = { strictSSL: true, followRedirect: false, timeout: limitMs, ...boundedBy(limit) };
    return inTime(send({ ...bounds, ...baseUrl, ...options }, onlyCheckStatus), limit);
  };
  Object.assign(ig.request, { send: patched });
}

/** The package's own limit ends with the first byte of an answer; this one is for all of it. */
async function inTime<T>(answer: Promise<T>, limit: AbortSignal): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason));
  });
  return await Promise.race([answer, late]);
}

/** Node's own modules in the form in which the package's package takes them, with an end to each exchange. */
function boundedBy(signal: AbortSignal) {
  const bounded = (module: typeof http | typeof https) => ({
    ...module,
    request(options: RequestOptions) {
      const sent = module.request({ ...options, signal });
      return sent.once('response', (answer) => {
        let bytes = 0;
        answer.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes > largestAnswerBytes)
            sent.destroy(new Error(`More than ${largestAnswerBytes} bytes came`));
        });
      });
    },
  });
  return { httpModules: { 'http:': bounded(http), 'https:': bounded(https) } };
}
