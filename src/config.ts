import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type ZodType, z } from 'zod';
import { SetupError } from '#errors.ts';
import { platformDefinitions } from '#platforms/index.ts';
import type { PlatformDefinition, SettingsShape } from '#ports/platform.ts';
import { TrueOrFalse } from '#ports/true-or-false.ts';
import { problemWithPattern, problemWithTimeZone } from '#post/agenda.ts';
import { parseHashtags } from '#post/caption.ts';
import { scheduleFromWords } from '#post/schedule-words.ts';
import { Mode, type Settings, Unanswered } from '#post/settings.ts';
import { Shape } from '#post/shape.ts';

const ownerIds = z
  .string()
  .regex(/^\d+([\s,]+\d+)*$/, 'is not a Telegram user id, or several with commas between')
  .transform((list) => list.split(/[\s,]+/).map(Number));

const whole = (least: number, most: number) =>
  z.coerce
    .number('is not a number')
    .int('is not a whole number')
    .min(least, `is less than ${least}`)
    .max(most, `is more than ${most}`);

/** What is set for Darkroom itself; each has a default. */
const general = {
  HASHTAGS: z
    .string()
    .default('')
    .transform(parseHashtags)
    .meta({ where: 'as you like: photography, light' }),
  HASHTAGS_FROM_AI: z.coerce
    .number('is not a number')
    .int('is not a whole number')
    .min(0, 'is less than none')
    .max(30, 'is more than Instagram takes, which is 30')
    .default(0)
    .meta({ where: 'how many hashtags of the AI may follow yours; 0 for none' }),
  DESCRIBER: z
    .enum(['replicate', 'openai'], 'is neither replicate nor openai')
    .default('replicate')
    .meta({ where: 'who looks at the pictures: replicate, or openai together with writing the caption' }),
  CAPTION_LANGUAGE: z
    .string()
    .default('')
    .meta({ where: 'the language of the captions as you call it, like German' }),
  CAPTION_VOICE: z
    .string()
    .default('')
    .meta({ where: 'how the captions should sound, like: dry and short, in the first person' }),
  MONTHLY_BUDGET: z.coerce
    .number('is not a number of dollars')
    .min(0, 'is less than nothing')
    .default(Number.POSITIVE_INFINITY)
    .meta({ where: 'what the AI may cost you in a month, in dollars, like 0.50' }),
  SCHEDULE: z
    .string()
    .default('0 9 * * *')
    .meta({ where: 'words like weekdays at 9 and 18:30, or a cron schedule like 0 9 * * *' }),
  TIMEZONE: z
    .string()
    .default(() => new Intl.DateTimeFormat().resolvedOptions().timeZone)
    .meta({ where: 'where you live, like Europe/Berlin' }),
  MODE: Mode.default('review').meta({
    where: 'review asks you first, auto publishes without asking, veto does so unless you stop it in time',
  }),
  VETO_MINUTES: whole(1, 1440)
    .default(30)
    .meta({ where: 'how many minutes you have to stop a post with MODE=veto' }),
  UNDO_SECONDS: whole(0, 300)
    .default(5)
    .meta({ where: 'how many seconds you have to take a decision back; 0 for none' }),
  REMINDER_HOURS: whole(0, 168)
    .default(6)
    .meta({ where: 'after how many hours you are reminded of a draft; 0 for never' }),
  UNANSWERED: Unanswered.default('keep').meta({
    where: 'what becomes of a draft without an answer: keep, publish or drop',
  }),
  UNANSWERED_HOURS: whole(1, 720)
    .default(24)
    .meta({ where: 'after how many hours a draft counts as unanswered' }),
  LOOKALIKE_DAYS: z.coerce
    .number('is not a number of days')
    .int('is not a whole number of days')
    .min(0, 'is less than none')
    .max(365, 'is more than a year')
    .default(14)
    .meta({ where: 'how many days lie between photos that look alike; 0 for none' }),
  PREPARE_AHEAD: TrueOrFalse.default(true).meta({
    where: 'whether the next draft is made before it is asked for, so that it comes at once: true or false',
  }),
  DATA_DIR: z.string().default('data').meta({ where: 'the folder in which Darkroom keeps its state' }),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], 'is none of debug, info, warn and error')
    .default('info')
    .meta({ where: 'how much is logged' }),
  // A photographer's number: f/8 at 1/125.
  SIMULATOR_PORT: z.coerce
    .number('is not a number')
    .int('is not a whole number')
    .min(0, 'is not a port; those go from 0 to 65535')
    .max(65535, 'is not a port; those go from 0 to 65535')
    .default(8125)
    .meta({ where: 'the port of the page with simulated services; 0 takes any free one' }),
} satisfies SettingsShape;

const owner = {
  TELEGRAM_OWNER_ID: ownerIds
    .optional()
    .meta({ where: 'your Telegram user id from @userinfobot; without it the log shows a code for /start' }),
} satisfies SettingsShape;

const folder = z.string().transform((path) => path.replace(/\/+$/, ''));

const dropbox = {
  DROPBOX_APP_KEY: z.string().meta({ where: 'dropbox.com/developers/apps, "App key" of your app' }),
  DROPBOX_APP_SECRET: z
    .string()
    .optional()
    .meta({ where: '"App secret" beside it; not needed after npm run connect-dropbox', secret: true }),
  DROPBOX_REFRESH_TOKEN: z.string().meta({ where: 'run npm run connect-dropbox', secret: true }),
  DROPBOX_IMAGE_FOLDER: folder
    .refine((path) => path === '' || path.startsWith('/'), 'is not a folder; it begins with a slash')
    .default('')
    .meta({ where: 'the folder with your photos, like /Photos; empty for the whole app folder' }),
  DROPBOX_ARCHIVE_FOLDER: folder
    .refine((path) => path !== '', 'is empty')
    .default('archive')
    .meta({ where: 'where published photos go, inside the image folder' }),
} satisfies SettingsShape;

const replicate = {
  REPLICATE_API_TOKEN: z
    .string()
    .optional()
    .meta({ where: 'replicate.com/account/api-tokens', secret: true }),
  REPLICATE_MODEL: z
    .string()
    .regex(/^([\w.-]+\/[\w.-]+:)?[0-9a-f]{64}$/, 'is not a model with its version, owner/name:version')
    // The BLIP-2 version of Replicate's page for andreasjansson/blip-2.
    .default('andreasjansson/blip-2:f677695e5e89f8b236e52ecd1d3f01beb44c34606419bcc19345e046d8f786f9')
    .meta({ where: 'a BLIP-2 model on replicate.com with its version' }),
} satisfies SettingsShape;

const openai = {
  OPENAI_API_KEY: z.string().optional().meta({ where: 'platform.openai.com/api-keys', secret: true }),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'is not an address like http://localhost:8080/v1' })
    .optional()
    .meta({ where: 'only for another server that speaks as OpenAI does' }),
  OPENAI_MODEL: z.string().default('gpt-6-luna').meta({ where: 'platform.openai.com/docs/models' }),
  OPENAI_SYSTEM_PROMPT: z
    .string()
    .default(
      'You write captions for the posts of a photographer. You sound like a thoughtful person, never like an advertisement. You use no hashtags, links, mentions or quotation marks.',
    )
    .meta({ where: 'who the writer of the captions is' }),
  OPENAI_ROLE_PROMPT: z
    .string()
    .default('Write one caption of one to three short sentences for this photo.')
    .meta({ where: 'what a caption should be like' }),
} satisfies SettingsShape;

const platformSettings: SettingsShape = Object.assign(
  {},
  ...platformDefinitions.map(({ settings }) => settings),
);

/** Every environment variable that is read, by name. */
export const allSettings: SettingsShape = {
  ...owner,
  ...dropbox,
  ...replicate,
  ...openai,
  ...general,
  ...platformSettings,
};

const Core = z.object({ ...owner, ...dropbox, ...replicate, ...openai, ...general });
type Core = z.infer<typeof Core>;
const General = z.object(general);

/** What is set without any account: the general settings, and how things are done on a platform. */
const wishes: SettingsShape = {
  ...general,
  ...Object.fromEntries(Object.entries(platformSettings).filter(([, schema]) => hasDefault(schema))),
};

/** A platform that is switched on, with its settings checked. */
export interface ChosenPlatform {
  readonly definition: PlatformDefinition;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Config {
  readonly core: Core;
  readonly platforms: readonly ChosenPlatform[];
  /** Every value that must never be shown. */
  readonly secrets: readonly string[];
}

/** Environment variables as they come. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What was found in the environment: the values, and what is wrong before they are even looked at. */
export interface Found {
  readonly values: Environment;
  /** By the name of the variable, in whole sentences. */
  readonly problems: Readonly<Record<string, string>>;
}

/**
 * The environment with `.env` beneath it, `NAME_FILE` read and empty values left out. Throws `SetupError` for a
 * `.env` that cannot be read.
 */
export function readEnvironment(environment: Environment, dotenvPath: string): Found {
  const beneath = readDotenv(dotenvPath);
  const above = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const all: Environment = { ...(beneath === undefined ? {} : parseEnv(beneath)), ...above };
  const values: Record<string, string> = {};
  const problems: Record<string, string> = {};
  for (const name of Object.keys(allSettings)) {
    const value = all[name];
    const file = all[`${name}_FILE`];
    if (value && file) {
      problems[name] = `${name}: is set twice, by itself and by ${name}_FILE. Keep one of them.`;
    } else if (value) values[name] = value;
    else if (file) {
      const content = readIfThere(file)?.replace(/\r?\n$/, '');
      // Somebody may have put the secret itself there, so only what looks like a path is repeated.
      const path = /^[.~]?[/\\]/.test(file) ? ` ${file}` : ' of that name';
      if (content === undefined) {
        problems[name] = `${name}_FILE: there is no readable file${path}. It should hold ${hint(name)}.`;
      } else if (content !== '') values[name] = content;
    }
  }
  return { values, problems };
}

/** A sentence for whoever runs Darkroom when other people on the machine can read this file, which has passwords in it. */
export function problemWithReaders(dotenvPath: string): string | undefined {
  // Windows has no such rights, and Node says that everybody may.
  if (process.platform === 'win32' || !existsSync(dotenvPath)) return undefined;
  if ((statSync(dotenvPath).mode & 0o077) === 0) return undefined;
  return `Other people on this machine can read ${dotenvPath} with your passwords in it. "chmod 600 ${dotenvPath}" keeps it yours.`;
}

/** Whether any account is set, so that the simulated services are not wanted. */
export function isAnythingReal({ values, problems }: Found): boolean {
  return isAnySet(allSettings, { ...values, ...problems });
}

/** Whether one of these is set that has no default: a default alone, copied from the example, asks for nothing. */
function isAnySet(settings: SettingsShape, environment: Environment): boolean {
  return Object.entries(settings).some(
    ([name, schema]) => environment[name] !== undefined && !hasDefault(schema),
  );
}

function hasDefault(schema: ZodType | undefined): boolean {
  return schema?.safeParse(undefined).data !== undefined;
}

/** The settings that are no account's, for a run with simulated services. Throws `SetupError`. */
export function wishesOf({ values, problems }: Found): Environment {
  const chosen = Object.fromEntries(Object.entries(values).filter(([name]) => name in wishes));
  const wrong = [
    ...Object.entries(problems).flatMap(([name, text]) => (name in wishes ? [text] : [])),
    ...check(z.object(wishes), chosen).problems.values(),
    ...problemsWithAgenda(chosen),
  ];
  if (wrong.length > 0) throw new SetupError(listed(wrong));
  return chosen;
}

/** The configuration. Throws `SetupError` that names every problem at once: variable, what is wrong, where to get it. */
export function readConfig({ values, problems: before }: Found): Config {
  const known = { ...values, ...before };
  const core = check(Core, values);
  const checked = platformDefinitions
    .filter((definition) => isWanted(definition, known))
    .map((definition) => ({ definition, ...checkPlatform(definition, values, known) }));
  const wrong = new Map([...core.problems, ...checked.flatMap((each) => [...each.problems])]);
  for (const [name, text] of Object.entries(before)) wrong.set(name, text);
  if (core.value?.DESCRIBER === 'openai' && core.value.OPENAI_API_KEY === undefined) {
    wrong.set('OPENAI_API_KEY', problem('OPENAI_API_KEY', 'is missing, and DESCRIBER=openai needs it'));
  }
  const problems = [
    ...wrong.values(),
    ...problemsWithTwins(
      checked.map((each) => each.definition),
      known,
    ),
    ...problemsWithAgenda(values),
  ];
  if (core.value === undefined || problems.length > 0) throw new SetupError(listed(problems));
  return {
    core: core.value,
    platforms: checked.map(({ definition, value }) => ({ definition, settings: value ?? {} })),
    secrets: secretsIn(values),
  };
}

/** What the environment says of everything that can be changed in chat. */
export function settingsIn({ core, platforms }: Config): Settings {
  const shapes = platforms.map(({ settings }) => Shape.safeParse(settings['INSTAGRAM_SHAPE']).data);
  return {
    mode: core.MODE,
    vetoMinutes: core.VETO_MINUTES,
    undoSeconds: core.UNDO_SECONDS,
    reminderHours: core.REMINDER_HOURS,
    unanswered: core.UNANSWERED,
    unansweredHours: core.UNANSWERED_HOURS,
    schedule: [...(scheduleFromWords(core.SCHEDULE) ?? [core.SCHEDULE])],
    timeZone: core.TIMEZONE,
    hashtags: [...core.HASHTAGS],
    captionLanguage: core.CAPTION_LANGUAGE,
    voice: core.CAPTION_VOICE,
    platformsOff: [],
    instagramShape: shapes.find((shape) => shape !== undefined) ?? 'white',
    monthlyBudget: Number.isFinite(core.MONTHLY_BUDGET) ? core.MONTHLY_BUDGET : null,
    lookAlikeDays: core.LOOKALIKE_DAYS,
  };
}

/** One place that is set up in two ways would get every post twice. */
function problemsWithTwins(
  wanted: readonly PlatformDefinition[],
  environment: Environment,
): readonly string[] {
  const setOf = ({ settings }: PlatformDefinition) =>
    Object.keys(settings)
      .filter((name) => environment[name] !== undefined && !hasDefault(settings[name]))
      .join(' and ');
  return wanted.flatMap((second, index) => {
    const first = wanted.slice(0, index).find(({ name }) => name === second.name);
    if (first === undefined) return [];
    return [
      `${setOf(second)}: ${second.name} is set up in two ways. Keep one: take this out, or ${setOf(first)}.`,
    ];
  });
}

function problemsWithAgenda(values: Environment): readonly string[] {
  const { SCHEDULE: pattern, TIMEZONE: timeZone } = General.pick({ SCHEDULE: true, TIMEZONE: true }).parse(
    values,
  );
  const zone = problemWithTimeZone(timeZone);
  const schedule = scheduleFromWords(pattern) === undefined ? problemWithPattern(pattern) : undefined;
  return [
    ...(schedule === undefined ? [] : [problem('SCHEDULE', schedule)]),
    ...(zone === undefined ? [] : [problem('TIMEZONE', zone)]),
  ];
}

/** Telegram is where the owner is, so it is always wanted; the others when one of their settings is there. */
function isWanted({ id, settings }: PlatformDefinition, environment: Environment): boolean {
  return id === 'telegram' || isAnySet(settings, environment);
}

interface Checked<T> {
  readonly value?: T;
  /** Sentences by the name of the variable. */
  readonly problems: ReadonlyMap<string, string>;
}

function check<T>(schema: ZodType<T>, values: Environment): Checked<T> {
  const result = schema.safeParse(values);
  if (result.success) return { value: result.data, problems: new Map() };
  const problems = result.error.issues.map(({ path, message }): [string, string] => {
    const name = String(path[0]);
    return [name, problem(name, values[name] === undefined ? 'is missing' : message)];
  });
  return { problems: new Map(problems) };
}

function checkPlatform(
  { settings, needs }: PlatformDefinition,
  values: Environment,
  known: Environment,
): Checked<Readonly<Record<string, unknown>>> {
  const { value, problems } = check(z.object(settings), values);
  const missing = needs.flatMap((need): [string, string][] => {
    const names = [need].flat();
    if (names.some((name) => known[name] !== undefined)) return [];
    return [[names.join(' or '), problemWithMissing(names)]];
  });
  return { ...(value && { value }), problems: new Map([...problems, ...missing]) };
}

function problem(name: string, what: string): string {
  return `${name}: ${what}. Where to get it: ${hint(name)}.`;
}

/** None of these is set, of which one is needed. */
function problemWithMissing(names: readonly string[]): string {
  const [only = '', ...others] = names;
  if (others.length === 0) return problem(only, 'is missing');
  const hints = names.map((name) => `${name} is ${hint(name)}`).join('; ');
  return `${names.join(' or ')}: one of them is needed. Where to get it: ${hints}.`;
}

function hint(name: string): string {
  return Meta.parse(allSettings[name]?.meta() ?? {}).where ?? 'see .env.example';
}

const Meta = z.object({ where: z.string().optional(), secret: z.boolean().optional() });

function secretsIn(environment: Environment): readonly string[] {
  return Object.entries(allSettings).flatMap(([name, schema]) => {
    const value = environment[name];
    return value !== undefined && Meta.parse(schema.meta() ?? {}).secret ? [value] : [];
  });
}

function listed(problems: readonly string[]): string {
  const count = problems.length === 1 ? 'One setting needs' : `${problems.length} settings need`;
  return `${count} your attention (see .env.example):\n${problems.map((each) => `  - ${each}`).join('\n')}`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A file that is there but cannot be read would otherwise count as no settings at all. */
function readDotenv(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const content = readIfThere(path);
  if (content === undefined)
    throw new SetupError(`${path} is there but cannot be read. Check its permissions.`);
  return content;
}
