import { z } from 'zod';
import type { ServiceName } from '#simulator/faults.ts';
import type { Simulator } from '#simulator/simulator.ts';
import type { Phone } from '#simulator/telegram/phone.ts';
import type { Program } from './program.ts';
import { type Switches, speeds } from './switches.ts';

/** Bots get files of up to 20 MB (Bot API, getFile); in base64 that is a third more. */
export const largestAction = 28 * 1024 * 1024;

const text = z.string().min(1).max(4096);
const bytes = z
  .base64()
  .min(1)
  .transform((data) => Buffer.from(data, 'base64'));
const fileName = z
  .string()
  .max(255)
  .regex(/^[^/\\\p{Cc}]+$/u)
  .refine((name) => !/^\.+$/.test(name));
const service = z.enum(['telegram', 'dropbox', 'replicate', 'openai', 'instagram', 'smtp']);

/** All that can be done on the page. */
const Action = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('say'), text, replyTo: z.int().optional() }),
  z.strictObject({ do: z.literal('tap'), messageId: z.int(), data: text }),
  z.strictObject({ do: z.literal('send-photo'), bytes, caption: z.string().max(1024) }),
  z.strictObject({
    do: z.literal('send-file'),
    bytes,
    name: fileName,
    type: z.string().max(100),
    caption: z.string().max(1024),
  }),
  z.strictObject({
    do: z.literal('send-album'),
    as: z.enum(['photos', 'files']),
    files: z
      .array(z.strictObject({ bytes, name: fileName, type: z.string().max(100) }))
      .min(2)
      .max(10),
    caption: z.string().max(1024),
  }),
  z.strictObject({ do: z.literal('block'), isBlocked: z.boolean() }),
  z.strictObject({ do: z.literal('add-to-dropbox'), name: fileName, bytes }),
  z.strictObject({ do: z.literal('remove-from-dropbox'), path: text }),
  z.strictObject({ do: z.literal('set-speed'), service, speed: z.enum(speeds) }),
  z.strictObject({ do: z.literal('set-trouble'), service, trouble: z.string(), isOnce: z.boolean() }),
  z.strictObject({ do: z.literal('mend') }),
  z.strictObject({ do: z.literal('program'), step: z.enum(['start', 'restart', 'pull-plug']) }),
]);
type Action = z.infer<typeof Action>;

/** What the page gets back: with `problem` nothing was done, and it says why. */
export type Done = { readonly tapId?: string } | { readonly problem: string };

export interface World {
  readonly simulator: Simulator;
  readonly program: Program;
  readonly switches: Switches;
}

/** Does what the page asks for. */
export async function act(world: World, given: unknown): Promise<Done> {
  const parsed = Action.safeParse(given);
  if (!parsed.success) return { problem: 'That is nothing the page can do.' };
  try {
    return (await carryOut(world, parsed.data)) ?? {};
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function carryOut({ simulator, program, switches }: World, action: Action): Promise<Done | undefined> {
  const { dropbox } = simulator;
  const phone = simulator.telegram.phone();
  switch (action.do) {
    case 'say':
      if (action.replyTo === undefined) phone.send(action.text);
      else phone.reply(action.replyTo, action.text);
      return undefined;
    case 'tap':
      return tap(phone, action);
    case 'send-photo':
      await phone.sendPhoto(action.bytes, action.caption).catch(explained(phone.hasBlocked));
      return undefined;
    case 'send-file':
      phone.sendDocument(action.bytes, action.name, action.type, action.caption);
      return undefined;
    case 'send-album':
      await phone
        .sendAlbum(
          action.files.map(({ type: mime, ...file }) => ({ ...file, mime })),
          action.as,
          action.caption,
        )
        .catch(explained(phone.hasBlocked));
      return undefined;
    case 'block':
      if (action.isBlocked) phone.block();
      else phone.unblock();
      return undefined;
    case 'add-to-dropbox':
      dropbox.put(`/Photos/${action.name}`, action.bytes);
      return undefined;
    case 'remove-from-dropbox':
      dropbox.remove(action.path);
      return undefined;
    case 'set-speed':
      switches.setSpeed(action.service, action.speed);
      return undefined;
    case 'set-trouble':
      return setTrouble(switches, action);
    case 'mend':
      switches.mend();
      phone.unblock();
      return undefined;
    case 'program':
      if (action.step === 'start') program.start();
      else if (action.step === 'restart') program.restart();
      else program.pullPlug();
      return undefined;
  }
}

/** The chat may have changed while the finger was on its way. */
function tap(phone: Phone, { messageId, data }: { messageId: number; data: string }): Done {
  const buttons =
    phone
      .messages()
      .find(({ id }) => id === messageId)
      ?.keyboard.flat() ?? [];
  if (!buttons.some((button) => button.data === data)) {
    return { problem: 'This button has just changed. Please look again.' };
  }
  return { tapId: phone.tap(messageId, data).id };
}

/** What is no picture cannot be sent as one; an owner who has blocked the bot cannot send anything. */
function explained(hasBlocked: () => boolean): (error: unknown) => never {
  return (error) => {
    if (hasBlocked()) throw error;
    throw new Error('Telegram cannot show this as a picture. Send it as a file instead.');
  };
}

function setTrouble(
  switches: Switches,
  { service: name, trouble, isOnce }: { service: ServiceName; trouble: string; isOnce: boolean },
): Done | undefined {
  const isSet = switches.setTrouble(name, trouble, isOnce);
  return isSet === undefined ? { problem: 'There is no such switch.' } : undefined;
}
