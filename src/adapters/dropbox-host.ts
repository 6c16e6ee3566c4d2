import { randomUUID } from 'node:crypto';
import { type ZodType, z } from 'zod';
import { ServiceError } from '#errors.ts';
import type { PictureHost } from '#ports/platform.ts';
import { policies } from '#ports/policies.ts';
import { fetchWithin, noAnswer, problemOfStatus } from './http.ts';

export interface DropboxHostSettings {
  readonly appKey: string;
  /** Absent for an app that was connected with PKCE. */
  readonly appSecret?: string | undefined;
  readonly refreshToken: string;
  /** Another place where Dropbox is spoken to; absent: the real one. */
  readonly endpoint?: string | undefined;
}

/** Beside the photos and hidden; a folder inside the image folder is left alone by the listing. */
const outbox = '/.darkroom-outbox';

const Token = z.object({ access_token: z.string() });
const Link = z.object({ link: z.string() });
const Listing = z.object({ entries: z.array(z.object({ path_lower: z.string() })) });
const Anything = z.unknown();

const nameNow = () => `darkroom-${randomUUID()}.jpg`;
/** Whether we gave it its name; anything else that lies there is somebody's own. */
const isOurs = (path: string) => /\/darkroom-[\da-f-]{36}\.jpg$/.test(path);

/**
 * Puts a picture where another service can fetch it: into a hidden folder of the owner's Dropbox, with a link that
 * lives four hours (get_temporary_link). `remove` takes away what an earlier use has left there, too. Throws
 * `ServiceError`.
 */
export function createDropboxHost(settings: DropboxHostSettings): PictureHost {
  const ask = createAsk(settings.endpoint);
  /** What is there for somebody right now. */
  const inUse = new Set<string>();

  async function signIn(): Promise<string> {
    const { appKey, appSecret, refreshToken } = settings;
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: appKey,
      ...(appSecret !== undefined && { client_secret: appSecret }),
    });
    return (await ask({ host: 'api', path: 'oauth2/token', headers: {}, body }, Token)).access_token;
  }

  async function call<T>(token: string, path: string, argument: object, schema: ZodType<T>): Promise<T> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return await ask({ host: 'api', path: `2/${path}`, headers, body: JSON.stringify(argument) }, schema);
  }

  async function upload(token: string, path: string, picture: Buffer): Promise<void> {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      'dropbox-api-arg': JSON.stringify({ path, mode: 'overwrite', mute: true }),
    };
    const body = new Uint8Array(picture);
    await ask({ host: 'content', path: '2/files/upload', headers, body }, Anything);
  }

  async function clear(): Promise<void> {
    const token = await signIn();
    const { entries } = await call(token, 'files/list_folder', { path: outbox }, Listing).catch(noneThere);
    for (const { path_lower: path } of entries) {
      if (isOurs(path) && !inUse.has(path)) await call(token, 'files/delete_v2', { path }, Anything);
    }
  }

  return {
    clear,
    async put(picture) {
      const path = `${outbox}/${nameNow()}`;
      inUse.add(path);
      try {
        const token = await signIn();
        await upload(token, path, picture);
        const { link } = await call(token, 'files/get_temporary_link', { path }, Link);
        return {
          url: link,
          async remove() {
            inUse.delete(path);
            await clear();
          },
        };
      } catch (error) {
        inUse.delete(path);
        throw error;
      }
    },
  };
}

/** Before its first use there is no such folder. */
function noneThere(error: unknown): z.infer<typeof Listing> {
  const isMissing = error instanceof ServiceError && error.problem.detail?.startsWith('path/not_found');
  if (isMissing !== true) throw error;
  return { entries: [] };
}

interface Request {
  readonly host: 'api' | 'content';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | URLSearchParams | Uint8Array<ArrayBuffer>;
}

const Refused = z.object({ error_summary: z.string() });

/** One request to Dropbox, never repeated. Throws `ServiceError`. */
function createAsk(endpoint: string | undefined) {
  const bounded = fetchWithin(policies.publishing.instagramOfficial.hostMs);
  return async <T>({ host, path, headers, body }: Request, schema: ZodType<T>): Promise<T> => {
    const place = endpoint === undefined ? `https://${host}.dropboxapi.com` : `${endpoint}/${host}`;
    let response: Response;
    let answer: unknown;
    try {
      response = await bounded(`${place}/${path}`, { method: 'POST', headers, body });
      answer = parsed(await response.text());
    } catch (error) {
      throw noAnswer('Dropbox', error);
    }
    const detail = Refused.safeParse(answer).data?.error_summary;
    if (!response.ok) throw new ServiceError('Dropbox', problemOfStatus(response.status, detail));
    const value = schema.safeParse(answer);
    if (!value.success) throw new ServiceError('Dropbox', { kind: 'unexpected' });
    return value.data;
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Plain text comes with a status that tells enough.
    return undefined;
  }
}
