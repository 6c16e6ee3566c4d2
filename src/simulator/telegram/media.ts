import { z } from 'zod';
import { messageCaption } from './formatted-text.ts';
import type { Params, Upload } from './params.ts';
import type { FormattedText } from './parse-html.ts';
import { badRequest } from './refusal.ts';
import type { WireContent } from './wire.ts';
import type { Stage } from './world.ts';

const InputMedia = z.object({
  type: z.string(),
  media: z.string(),
  caption: z.string().optional(),
  parse_mode: z.string().optional(),
  caption_entities: z.unknown().optional(),
  show_caption_above_media: z.boolean().optional(),
  has_spoiler: z.boolean().optional(),
});

type MediaKind = 'photo' | 'document';

/** The content of sendPhoto and sendDocument: an uploaded file or one known by its file id, and the caption. */
export async function mediaOf(stage: Stage, params: Params, kind: MediaKind): Promise<WireContent> {
  const caption = captionOf(params);
  const file = await fileOf(stage, params, kind, params.files.get(kind) ?? params.text(kind));
  return {
    ...file,
    ...captioned(caption),
    show_caption_above_media: params.flag('show_caption_above_media') ? true : undefined,
    has_media_spoiler: kind === 'photo' && params.flag('has_spoiler') ? true : undefined,
  };
}

/** The content that an InputMedia object describes. */
export async function inputMedia(stage: Stage, params: Params, given: unknown): Promise<WireContent> {
  const parsed = InputMedia.safeParse(given);
  if (!parsed.success) throw badRequest("can't parse InputMedia: wrong media object specified");
  const { type, media, caption, parse_mode, caption_entities, show_caption_above_media, has_spoiler } =
    parsed.data;
  if (type !== 'photo' && type !== 'document') {
    throw badRequest(`can't parse InputMedia: the simulator takes photo and document, not "${type}"`);
  }
  const text = messageCaption({ text: caption ?? '', parseMode: parse_mode, entities: caption_entities });
  const file = await fileOf(stage, params, type, media);
  return {
    ...file,
    ...captioned(text),
    show_caption_above_media: show_caption_above_media === true ? true : undefined,
    has_media_spoiler: type === 'photo' && has_spoiler === true ? true : undefined,
  };
}

/** The caption that a request gives with `caption`, `parse_mode` and `caption_entities`. */
export function captionOf(params: Params): FormattedText {
  return messageCaption({
    text: params.text('caption'),
    parseMode: params.text('parse_mode'),
    entities: params.json('caption_entities'),
  });
}

/** The fields of a message for a caption, absent when it is empty. */
export function captioned({
  text,
  entities,
}: FormattedText): Pick<WireContent, 'caption' | 'caption_entities'> {
  return {
    caption: text === '' ? undefined : text,
    caption_entities: entities.length === 0 ? undefined : entities,
  };
}

async function fileOf(
  stage: Stage,
  params: Params,
  kind: MediaKind,
  given: Upload | string,
): Promise<WireContent> {
  const attached = typeof given === 'string' ? params.files.get(given.replace(/^attach:\/\//, '')) : given;
  if (attached !== undefined) {
    if (kind === 'photo') return { photo: await stage.files.addPhoto(attached) };
    return { document: stage.files.addDocument(attached) };
  }
  if (given === '' || String(given).startsWith('attach://')) {
    throw badRequest(`there is no ${kind} in the request`);
  }
  if (/^https?:\/\//i.test(String(given))) throw badRequest('failed to get HTTP URL content');
  const file = stage.files.find(String(given));
  if (file === undefined) {
    throw badRequest("wrong remote file identifier specified: can't unserialize it");
  }
  if (kind === 'photo' && file.photo !== undefined) return { photo: file.photo };
  if (kind === 'document' && file.document !== undefined) return { document: file.document };
  const names = file.photo === undefined ? ['Document', 'Photo'] : ['Photo', 'Document'];
  throw badRequest(`can't use file of type ${names[0]} as ${names[1]}`);
}
