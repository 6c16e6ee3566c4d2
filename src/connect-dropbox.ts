import { createInterface } from 'node:readline/promises';
import { beginDropboxSignIn } from '#adapters/dropbox-sign-in.ts';
import { readEnvironment } from '#config.ts';
import { ServiceError, SetupError } from '#errors.ts';

// npm run connect-dropbox: asks for what Dropbox shows and prints the lines for .env.

const terminal = createInterface({ input: process.stdin, output: process.stdout });
const closed = new AbortController();
terminal.on('close', () => closed.abort());

/** Asks until something is entered. */
async function ask(question: string): Promise<string> {
  for (;;) {
    const answer = (await terminal.question(question, { signal: closed.signal })).trim();
    if (answer !== '') return answer;
  }
}

function explain(error: unknown): string {
  if (error instanceof SetupError) return error.message;
  if (closed.signal.aborted) return 'Nothing was entered. Please start again.';
  if (!(error instanceof ServiceError)) throw error;
  const isWrongCode = error.problem.kind === 'signed-out' || error.problem.kind === 'rejected';
  return isWrongCode
    ? 'Dropbox did not accept the code; each one works once. Please start again.'
    : 'Dropbox could not be reached. Please start again.';
}

try {
  const known = readEnvironment(process.env, '.env').values['DROPBOX_APP_KEY'];
  const appKey = known ?? (await ask('The "App key", from the Settings tab of your Dropbox app: '));
  const signIn = await beginDropboxSignIn(appKey);
  process.stdout.write(
    `\nOpen this address, press "Allow", and copy the code that Dropbox shows:\n\n${signIn.address}\n\n`,
  );
  const token = await signIn.finish(await ask('The code: '));
  process.stdout.write(
    `\nPut these lines into .env:\n\nDROPBOX_APP_KEY=${appKey}\nDROPBOX_REFRESH_TOKEN=${token}\n`,
  );
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = 1;
} finally {
  terminal.close();
}
