import { createInterface } from 'node:readline/promises';
import { beginDropboxSignIn } from '#adapters/dropbox-sign-in.ts';
import { readEnvironment } from '#config.ts';
import { ServiceError } from '#errors.ts';

// npm run connect-dropbox: asks for what Dropbox shows and prints the line for .env.

const terminal = createInterface({ input: process.stdin, output: process.stdout });
try {
  const known = readEnvironment(process.env, '.env').values['DROPBOX_APP_KEY'];
  const appKey = known ?? (await terminal.question('The "App key" of your Dropbox app: ')).trim();
  const signIn = await beginDropboxSignIn(appKey);
  process.stdout.write(
    `\nOpen this address, press "Allow", and copy the code that Dropbox shows:\n\n${signIn.address}\n\n`,
  );
  const token = await signIn.finish(await terminal.question('The code: '));
  process.stdout.write(
    `\nPut these lines into .env:\n\nDROPBOX_APP_KEY=${appKey}\nDROPBOX_REFRESH_TOKEN=${token}\n`,
  );
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  const isWrongCode = error.problem.kind === 'signed-out' || error.problem.kind === 'rejected';
  const why = isWrongCode
    ? 'Dropbox did not accept the code; each one works once.'
    : 'Dropbox could not be reached.';
  process.stderr.write(`\n${why} Please start again.\n`);
  process.exitCode = 1;
} finally {
  terminal.close();
}
