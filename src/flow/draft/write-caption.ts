import { ServiceError } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';
import { type Caption, captionFromAi, captionFromWords } from '#post/caption.ts';
import { nameAsWords, type OwnWords, type Photo } from '#post/photo.ts';
import type { Draft } from '#post/post.ts';
import type { Description } from '#post/state.ts';

interface Material {
  readonly photo: Photo;
  readonly description: Description | undefined;
  readonly ownWords: OwnWords;
  readonly earlier: readonly string[];
}

export interface Written {
  /** Absent: nothing new could be written, the caption before stays. */
  readonly caption?: Caption;
  readonly remark?: Draft['remark'];
}

/** A caption by the AI, or, where there is none or it fails, one from the words that the photo brings along. */
export async function writeCaption(
  ports: Pick<Ports, 'captionWriter' | 'describer' | 'hashtags' | 'log'>,
  material: Material,
): Promise<Written> {
  const { captionWriter, describer, hashtags } = ports;
  const answer = await askWriter(ports, material);
  if (answer !== undefined) {
    const caption = captionFromAi(answer, hashtags);
    const isBlind = describer !== undefined && material.description === undefined;
    if (caption !== undefined) return isBlind ? { caption, remark: 'not-described' } : { caption };
  }
  if (material.earlier.length > 0) return { remark: captionWriter === undefined ? 'no-ai' : 'caption-kept' };
  return { caption: wordsAtHand(material, hashtags), remark: whyNoAnswer(ports, material) };
}

/** Without a describer and without words of its own, there is nothing that a caption could be made from. */
function whyNoAnswer(
  { captionWriter, describer }: Pick<Ports, 'captionWriter' | 'describer'>,
  { ownWords }: Material,
): NonNullable<Draft['remark']> {
  if (captionWriter === undefined) return 'no-ai';
  return describer === undefined && !hasText(ownWords) ? 'no-words' : 'ai-failed';
}

/** Keywords alone make no caption. */
function hasText({ title, description }: OwnWords): boolean {
  return title !== undefined || description !== undefined;
}

async function askWriter(
  { captionWriter, log }: Pick<Ports, 'captionWriter' | 'log'>,
  { description, ownWords, earlier }: Material,
): Promise<string | undefined> {
  if (captionWriter === undefined || (description === undefined && !hasText(ownWords))) return undefined;
  try {
    return await captionWriter.write({ description, ownWords, earlier });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warn({ service: error.service, problem: error.problem }, 'The caption could not be written');
    return undefined;
  }
}

function wordsAtHand({ ownWords, description, photo }: Material, hashtags: readonly string[]): Caption {
  const own = [ownWords.title, ownWords.description].filter((part) => part !== undefined);
  if (own.length > 0) return captionFromWords([...new Set(own)].join('\n\n'), hashtags);
  if (description === undefined) return captionFromWords(nameAsWords(photo.name) ?? '', hashtags);
  const described = captionFromAi(description.caption, hashtags);
  return described ? { ...described, source: 'photo' } : captionFromWords('', hashtags);
}
