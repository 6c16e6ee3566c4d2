import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  allSettings,
  type Environment,
  type Found,
  isAnythingReal,
  problemWithReaders,
  readConfig,
  readEnvironment,
  wishesOf,
} from '#config.ts';
import { SetupError } from '#errors.ts';

const token = `123456789:${'A'.repeat(35)}`;
const telegram = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_CHANNEL_ID: '@light_and_sea' };
const dropbox = { DROPBOX_APP_KEY: 'app-key', DROPBOX_REFRESH_TOKEN: 'refresh-secret' };
const instagram = { INSTAGRAM_USERNAME: '@mara', INSTAGRAM_PASSWORD: 'instagram-secret' };
const email = {
  SMTP_HOST: 'smtp.example.com',
  SMTP_USER: 'mara@example.com',
  SMTP_PASSWORD: 'smtp-secret',
  EMAIL_TO: 'family@example.com',
};
const least = { ...telegram, ...dropbox };

/** What is said when this is read; every problem has a line of its own. */
function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    expect(error.exitCode).toBe(78);
    const [head, ...lines] = error.message.split('\n');
    const count = lines.length === 1 ? 'One setting needs' : `${lines.length} settings need`;
    expect(head).toBe(`${count} your attention (see .env.example):`);
    return lines.map((line) => line.replace('  - ', ''));
  }
  return [];
}

/** These values, with nothing wrong about how they were given. */
function found(values: Environment): Found {
  return { values, problems: {} };
}

function problems(environment: Environment): readonly string[] {
  return problemsOf(() => readConfig(found(environment)));
}

function platformsOf(environment: Environment): readonly string[] {
  return readConfig(found(environment)).platforms.map(({ definition }) => definition.id);
}

describe('the configuration', () => {
  it('needs Telegram and Dropbox, and has a default for everything else', () => {
    const { core, platforms } = readConfig(found({ ...least, TIMEZONE: 'Europe/Berlin' }));
    expect(platforms.map(({ definition }) => definition.id)).toEqual(['telegram']);
    expect(platforms[0]?.settings).toEqual({ ...telegram, TELEGRAM_FULL_SIZE: false });
    expect(core).toMatchObject({
      SCHEDULE: '0 9 * * *',
      TIMEZONE: 'Europe/Berlin',
      MODE: 'review',
      HASHTAGS: [],
      DATA_DIR: 'data',
      LOG_LEVEL: 'info',
      SIMULATOR_PORT: 8125,
      DROPBOX_IMAGE_FOLDER: '',
      DROPBOX_ARCHIVE_FOLDER: 'archive',
    });
    expect(core.TELEGRAM_OWNER_ID).toBeUndefined();
    expect(core.OPENAI_API_KEY).toBeUndefined();
  });

  it('takes the time zone of the machine where none is set', () => {
    expect(readConfig(found(least)).core.TIMEZONE).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it.each([
    ['OPENAI_API_KEY', 'key'],
    ['REPLICATE_API_TOKEN', 'token'],
    ['TELEGRAM_OWNER_ID', '4711'],
    ['DROPBOX_REFRESH_TOKEN', 'token'],
  ])('asks for all that is missing once %s is real', (name, value) => {
    const environment = { [name]: value };
    expect(isAnythingReal(found(environment))).toBe(true);
    const missing = Object.keys(least).filter((each) => each !== name);
    expect(problems(environment).map((line) => line.split(':')[0])).toEqual(expect.arrayContaining(missing));
    expect(problems(environment)).toHaveLength(missing.length);
  });

  it('does not take wishes about captions and shapes for real accounts', () => {
    const wishes = {
      CAPTION_LANGUAGE: 'German',
      CAPTION_VOICE: 'dry',
      MONTHLY_BUDGET: '1',
      DESCRIBER: 'openai',
      INSTAGRAM_SHAPE: 'blurred',
      INSTAGRAM_HASHTAGS: '7',
    };
    expect(isAnythingReal(found(wishes))).toBe(false);
    expect(wishesOf(found(wishes))).toEqual(wishes);
  });

  it('wants OpenAI where OpenAI is to look at the pictures', () => {
    expect(problems({ ...least, DESCRIBER: 'openai' })).toEqual([
      'OPENAI_API_KEY: is missing, and DESCRIBER=openai needs it. Where to get it: platform.openai.com/api-keys.',
    ]);
    expect(problems({ ...least, DESCRIBER: 'openai', OPENAI_API_KEY: 'key' })).toEqual([]);
  });

  it.each([
    ['MONTHLY_BUDGET', 'one dollar', 'is not a number of dollars'],
    ['MONTHLY_BUDGET', '-1', 'is less than nothing'],
    ['HASHTAGS_FROM_AI', '31', 'is more than Instagram takes'],
    ['HASHTAGS_FROM_AI', '1.5', 'is not a whole number'],
    ['DESCRIBER', 'me', 'is neither replicate nor openai'],
    ['TELEGRAM_FULL_SIZE', 'yes', 'is neither true nor false'],
  ])('does not take a %s of %s', (name, value, what) => {
    expect(problems({ ...least, [name]: value })).toEqual([expect.stringContaining(`${name}: ${what}`)]);
  });

  it.each([
    ['INSTAGRAM_HASHTAGS', '31', 'is more than Instagram takes'],
    ['INSTAGRAM_HASHTAGS', '-1', 'is less than none'],
    ['INSTAGRAM_SHAPE', 'square', 'is none of white, black, blurred and crop'],
  ])('does not take a %s of %s by either way to Instagram', (name, value, what) => {
    for (const way of [instagram, { INSTAGRAM_ACCESS_TOKEN: 'IGAAsecret' }]) {
      const environment = { ...least, ...way, [name]: value };
      expect(problems(environment)).toEqual([expect.stringContaining(`${name}: ${what}`)]);
    }
  });

  it('does not take a wish about the look of posts for an account', () => {
    expect(platformsOf({ ...least, INSTAGRAM_SHAPE: 'crop', INSTAGRAM_HASHTAGS: '9' })).toEqual(['telegram']);
  });

  it('says what is missing and where to get it', () => {
    expect(problems(telegram)).toEqual([
      'DROPBOX_APP_KEY: is missing. Where to get it: dropbox.com/developers/apps, "App key" of your app.',
      'DROPBOX_REFRESH_TOKEN: is missing. Where to get it: run npm run connect-dropbox.',
    ]);
  });

  it.each(['Instagram', 'email'])('leaves %s off unless it is set', () => {
    expect(platformsOf(least)).toEqual(['telegram']);
    expect(platformsOf({ ...least, SMTP_PORT: '587' })).toEqual(['telegram']);
    expect(platformsOf({ ...least, ...instagram })).toEqual(['telegram', 'instagram']);
    expect(platformsOf({ ...least, ...instagram, ...email })).toEqual(['telegram', 'instagram', 'email']);
  });

  it.each(['INSTAGRAM_USERNAME', ...Object.keys(email)])(
    'names %s when its half of a platform is missing',
    (name) => {
      const half = { ...least, ...instagram, ...email, [name]: undefined };
      const [problem = '', ...others] = problems(half);
      expect(problem).toMatch(new RegExp(`^${name}: is missing\\. Where to get it: .{5,}\\.$`));
      expect(others).toEqual([]);
    },
  );

  it('asks for a session or a password of Instagram, and is content with either', () => {
    const { INSTAGRAM_USERNAME } = instagram;
    expect(problems({ ...least, INSTAGRAM_USERNAME })).toEqual([
      'INSTAGRAM_SESSION or INSTAGRAM_PASSWORD: one of them is needed. Where to get it: INSTAGRAM_SESSION is the cookie "sessionid" of instagram.com in your browser, see README.md; INSTAGRAM_PASSWORD is your Instagram password.',
    ]);
    const session = { INSTAGRAM_USERNAME, INSTAGRAM_SESSION: '8274619305%3AaZ3-_x9%3A12%3AAY' };
    for (const given of [instagram, session, { ...instagram, ...session }]) {
      expect(platformsOf({ ...least, ...given })).toEqual(['telegram', 'instagram']);
    }
    const unreadable = { INSTAGRAM_PASSWORD: 'INSTAGRAM_PASSWORD_FILE: there is no readable file.' };
    const said = problemsOf(() =>
      readConfig({ values: { ...least, INSTAGRAM_USERNAME }, problems: unreadable }),
    );
    expect(said).toEqual(Object.values(unreadable));
  });

  it('takes several owners and several addresses', () => {
    const several = {
      TELEGRAM_OWNER_ID: '4711, 4712 4713',
      EMAIL_TO: 'a@example.com, b@example.com;c@example.com',
    };
    const { core, platforms } = readConfig(found({ ...least, ...email, ...several }));
    expect(core.TELEGRAM_OWNER_ID).toEqual([4711, 4712, 4713]);
    expect(platforms[1]?.settings['EMAIL_TO']).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
  });

  it('brings values into the form in which they are used', () => {
    const { core, platforms } = readConfig(
      found({
        ...least,
        ...instagram,
        HASHTAGS: 'light, #sea',
        DROPBOX_IMAGE_FOLDER: '/Photos/',
        TELEGRAM_API_ROOT: 'http://localhost:8081/',
      }),
    );
    expect(core).toMatchObject({ HASHTAGS: ['#light', '#sea'], DROPBOX_IMAGE_FOLDER: '/Photos' });
    expect(platforms[0]?.settings['TELEGRAM_API_ROOT']).toBe('http://localhost:8081');
    expect(platforms[1]?.settings['INSTAGRAM_USERNAME']).toBe('mara');
  });

  it.each([
    ['TELEGRAM_BOT_TOKEN', 'abc', 'is not a bot token'],
    ['TELEGRAM_CHANNEL_ID', 'light', 'is not a channel'],
    ['TELEGRAM_OWNER_ID', '@mara', 'is not a Telegram user id'],
    ['TELEGRAM_API_ROOT', 'localhost', 'is not an address like'],
    ['DROPBOX_IMAGE_FOLDER', 'Photos', 'is not a folder; it begins with a slash'],
    ['DROPBOX_ARCHIVE_FOLDER', '/', 'is empty'],
    ['REPLICATE_MODEL', 'blip-2', 'is not a model with its version'],
    ['OPENAI_BASE_URL', 'ftp://x', 'is not an address like'],
    ['MODE', 'manual', 'is none of review, auto and veto'],
    ['LOG_LEVEL', 'loud', 'is none of debug, info, warn and error'],
    ['SMTP_PORT', 'many', 'is not a number'],
    ['SIMULATOR_PORT', 'any', 'is not a number'],
    ['SIMULATOR_PORT', '65536', 'is not a port'],
    ['SIMULATOR_PORT', '-1', 'is not a port'],
    ['SIMULATOR_PORT', '80.5', 'is not a whole number'],
    ['EMAIL_FROM', 'mara', 'is not a mail address'],
    ['EMAIL_TO', 'a@example.com, b', 'is not a mail address'],
    ['EMAIL_TO', ' , ', 'names nobody'],
    ['INSTAGRAM_SESSION', 'hunter2', 'is neither the cookie "sessionid" nor a saved session'],
    ['INSTAGRAM_SESSION', '{"cookies":"{}"}', 'is neither the cookie "sessionid" nor a saved session'],
    ['INSTAGRAM_APP_VERSION', 'newest', 'is not a version like'],
    ['INSTAGRAM_APP_VERSION_CODE', '1.2', 'is not a version code like'],
    ['SCHEDULE', 'at nine', 'five parts'],
    ['SCHEDULE', '0 9 30 2 *', 'never comes due'],
    ['TIMEZONE', 'Mars/Olympus', '"Mars/Olympus" is not a time zone'],
  ])('refuses %s=%s in words', (name, value, words) => {
    const [problem = '', ...others] = problems({ ...least, ...email, ...instagram, [name]: value });
    expect(problem.split(':')[0]).toContain(name);
    expect(problem).toContain(words);
    expect(problem).toMatch(/\.$/);
    expect(others).toEqual([]);
  });

  // The message given to z.coerce.number() is also that of its int(), min() and max().
  it.each(['0', '70000', '25.5'])('does not say of the port %s that it is no number', (SMTP_PORT) => {
    expect(problems({ ...least, ...email, SMTP_PORT }).join()).not.toContain('is not a number');
  });

  it('turns Instagram on in either way, and refuses both at once in words', () => {
    const official = { INSTAGRAM_ACCESS_TOKEN: 'IGAAsecret' };
    expect(platformsOf({ ...least, ...official })).toEqual(['telegram', 'instagram-official']);
    expect(problems({ ...least, ...instagram, ...official, INSTAGRAM_SHAPE: 'crop' })).toEqual([
      'INSTAGRAM_ACCESS_TOKEN: Instagram is set up in two ways. Keep one: take this out, or INSTAGRAM_USERNAME and INSTAGRAM_PASSWORD.',
    ]);
  });

  it('reports everything at once', () => {
    const wrong = { TELEGRAM_BOT_TOKEN: 'x', MODE: 'y', SMTP_HOST: 'z' };
    const names = problems(wrong).map((line) => line.split(':')[0]);
    expect([...names].sort()).toEqual(
      ['DROPBOX_APP_KEY', 'DROPBOX_REFRESH_TOKEN', 'EMAIL_TO', 'MODE', 'SMTP_PASSWORD'].concat([
        'SMTP_USER',
        'TELEGRAM_BOT_TOKEN',
        'TELEGRAM_CHANNEL_ID',
      ]),
    );
  });

  it.each([{ SCHEDULE: 'at nine' }, { TIMEZONE: 'Mars/Olympus' }])(
    'reports %j together with what else is wrong',
    (wrong) => {
      expect(problems({ ...telegram, ...wrong }).join('\n')).toContain(Object.keys(wrong)[0]);
    },
  );

  const secrets = {
    ...{
      TELEGRAM_BOT_TOKEN: token,
      DROPBOX_APP_SECRET: 'app-secret',
      DROPBOX_REFRESH_TOKEN: 'refresh-secret',
    },
    ...{ REPLICATE_API_TOKEN: 'replicate-secret', OPENAI_API_KEY: 'openai-secret' },
    ...{ INSTAGRAM_SESSION: '4711%3Asession-secret', INSTAGRAM_PASSWORD: 'instagram-secret' },
    ...{ INSTAGRAM_ACCESS_TOKEN: 'instagram-token', SMTP_PASSWORD: 'smtp-secret' },
  };

  it('lists every secret, and nothing else', () => {
    // Instagram is set up in one way at a time.
    const { INSTAGRAM_ACCESS_TOKEN, ...others } = secrets;
    const { secrets: listed } = readConfig(found({ ...least, ...instagram, ...email, ...others }));
    expect([...listed].sort()).toEqual(Object.values(others).sort());
    expect(readConfig(found({ ...least, INSTAGRAM_ACCESS_TOKEN })).secrets).toContain(INSTAGRAM_ACCESS_TOKEN);
  });

  it('counts as a secret whatever is called a token, a password, a secret, a session or a key of an API', () => {
    const named = Object.keys(allSettings).filter((name) =>
      /TOKEN|PASSWORD|SECRET|SESSION|API_KEY/.test(name),
    );
    expect(named.sort()).toEqual(Object.keys(secrets).sort());
  });

  it('never shows a secret, however wrong everything is', () => {
    const wrong = Object.fromEntries(Object.keys(allSettings).map((name) => [name, `hunter2 of ${name}`]));
    const said = problems(wrong).join('\n');
    expect(said).toContain('TELEGRAM_BOT_TOKEN');
    for (const name of Object.keys(secrets)) expect(said).not.toContain(`hunter2 of ${name}`);
  });
});

describe('the general settings', () => {
  it('are what is left for a run with simulated services', () => {
    const general = { SCHEDULE: '0 8 * * *', DATA_DIR: '/data', HASHTAGS: 'sea' };
    expect(wishesOf(found({ ...least, ...general }))).toEqual(general);
    expect(problemsOf(() => wishesOf(found({ MODE: 'x', INSTAGRAM_SHAPE: 'round' })))).toHaveLength(2);
  });

  it('alone are nothing real', () => {
    expect(isAnythingReal(found({}))).toBe(false);
    expect(
      isAnythingReal(found({ SCHEDULE: '0 8 * * *', SMTP_PORT: '25', OPENAI_MODEL: 'x', DATA_DIR: 'y' })),
    ).toBe(false);
    expect(isAnythingReal(found({ SIMULATOR_PORT: '9000' }))).toBe(false);
  });
});

describe('the environment', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  }

  function read(environment: Environment, dotenv = ''): Environment {
    const { values, problems: wrong } = readEnvironment(environment, file('.env', dotenv));
    if (Object.keys(wrong).length > 0) readConfig({ values: { ...least, ...values }, problems: wrong });
    return values;
  }

  it.each([0o640, 0o604, 0o644, 0o660])('is told of when others may read the file: %o', (mode) => {
    const path = file('.env', 'SMTP_PASSWORD=hunter2');
    chmodSync(path, mode);
    expect(problemWithReaders(path)).toContain(`"chmod 600 ${path}"`);
    chmodSync(path, 0o600);
    expect(problemWithReaders(path)).toBeUndefined();
    expect(problemWithReaders(`${path}.gone`)).toBeUndefined();
    // Any reason for which it cannot be looked at is none for not starting.
    expect(problemWithReaders('a'.repeat(5_000))).toBeUndefined();
  });

  it('is above the .env file, which may be missing', () => {
    const dotenv = '# mine\nMODE=auto\r\nHASHTAGS="#sea #light"\nSCHEDULE=0 8 * * * # at eight\n';
    expect(read({ MODE: 'review' }, dotenv)).toEqual({
      MODE: 'review',
      HASHTAGS: '#sea #light',
      SCHEDULE: '0 8 * * *',
    });
    expect(readEnvironment({ MODE: 'auto' }, join(folder, 'missing')).values).toEqual({ MODE: 'auto' });
  });

  it('keeps only settings that there are, and no empty ones', () => {
    expect(read({ MODE: '', HOME: '/root', PATH: undefined }, 'OPENAI_API_KEY=\nSCHEDULE=""\n')).toEqual({});
  });

  // Docker's `NAME=${NAME:-}` sets an empty value, which then hides the one in .env.
  it('lets an empty value hide nothing', () => {
    expect(read({ MODE: '' }, 'MODE=auto')).toEqual({ MODE: 'auto' });
  });

  it.each([
    ['refresh-secret', 'refresh-secret'],
    ['refresh-secret\n', 'refresh-secret'],
    ['refresh-secret\r\n', 'refresh-secret'],
    ['two\nlines\n', 'two\nlines'],
  ])('takes %j from a file as %j', (content, value) => {
    const path = file('token', content);
    expect(read({ DROPBOX_REFRESH_TOKEN_FILE: path })).toEqual({ DROPBOX_REFRESH_TOKEN: value });
    expect(read({}, `DROPBOX_REFRESH_TOKEN_FILE=${path}`)).toEqual({ DROPBOX_REFRESH_TOKEN: value });
  });

  it('takes a session of Instagram from a file, also one of many lines', () => {
    const cookies = JSON.stringify({ cookies: [{ key: 'sessionid', value: '4711%3Aabc' }] });
    const state = JSON.stringify({ cookies, deviceId: 'android-1' }, undefined, 2);
    const values = read({ INSTAGRAM_SESSION_FILE: file('session', `${state}\n`) });
    expect(platformsOf({ ...least, INSTAGRAM_USERNAME: 'mara', ...values })).toContain('instagram');
  });

  it.each(['', '\n'])('counts a file with %j in it as nothing set', (content) => {
    expect(read({ OPENAI_API_KEY_FILE: file('empty', content) })).toEqual({});
  });

  it('refuses a value that is set twice and a file that is not there, both at once', () => {
    const path = file('token', 'other-secret');
    const environment = {
      OPENAI_API_KEY: 'openai-secret',
      OPENAI_API_KEY_FILE: path,
      SMTP_PASSWORD_FILE: join(folder, 'missing'),
    };
    const wrong = readEnvironment(
      { ...environment, SCHEDULE: 'at nine', TIMEZONE: 'Mars/X' },
      join(folder, 'none'),
    );
    const said = problemsOf(() => readConfig(wrong));
    expect(said).toEqual(
      expect.arrayContaining([
        'OPENAI_API_KEY: is set twice, by itself and by OPENAI_API_KEY_FILE. Keep one of them.',
        expect.stringContaining(`SMTP_PASSWORD_FILE: there is no readable file ${join(folder, 'missing')}.`),
        expect.stringMatching(/^SMTP_HOST: is missing\. Where to get it: /),
        expect.stringMatching(/^DROPBOX_APP_KEY: is missing\. Where to get it: /),
        expect.stringMatching(/^SCHEDULE: a schedule has five parts.* Where to get it: /),
        expect.stringMatching(/^TIMEZONE: "Mars\/X" is not a time zone\. Where to get it: /),
      ]),
    );
    expect(said.filter((line) => line.startsWith('SMTP_PASSWORD'))).toHaveLength(1);
  });

  // The value of NAME_FILE is repeated, which is the secret itself where somebody mixed the two up.
  it('does not show a secret that was given in place of its file', () => {
    expect(problemsOf(() => read({ OPENAI_API_KEY_FILE: 'sk-hunter2' })).join()).not.toContain('hunter2');
  });
});
