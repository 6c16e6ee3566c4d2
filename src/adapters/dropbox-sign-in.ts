import { DropboxAuth } from 'dropbox';
import { z } from 'zod';
import { ServiceError } from '#errors.ts';
import { fetchDropbox } from './dropbox-client.ts';
import { toServiceError } from './dropbox-errors.ts';

/** What Darkroom does in the folder: list, download and move. */
const scopes = ['files.metadata.read', 'files.content.read', 'files.content.write'];

export interface DropboxSignIn {
  /** To be opened in a browser; Dropbox shows a code there. */
  readonly address: string;
  /** The refresh token for this code, which is good for one time. Throws `ServiceError`. */
  finish(code: string): Promise<string>;
}

/** Connects an app to the owner's Dropbox with PKCE, so that the app's secret is not needed. */
export async function beginDropboxSignIn(appKey: string, endpoint?: string): Promise<DropboxSignIn> {
  const auth = new DropboxAuth({ clientId: appKey, fetch: fetchDropbox(endpoint) });
  const address = await auth.getAuthenticationUrl('', undefined, 'code', 'offline', scopes, 'none', true);
  return {
    // The client leaves the spaces between the scopes as they are.
    address: new URL(String(address)).href,
    async finish(code) {
      try {
        const { result } = await auth.getAccessTokenFromCode('', code.trim());
        return Tokens.parse(result).refresh_token;
      } catch (error) {
        if (error instanceof z.ZodError) throw new ServiceError('Dropbox', { kind: 'unexpected' });
        throw toServiceError(error);
      }
    },
  };
}

const Tokens = z.object({ refresh_token: z.string() });
