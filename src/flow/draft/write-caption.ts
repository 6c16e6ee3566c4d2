import { OverBudget, ServiceError } from '#errors.ts';
import type { AiCaption } from '#ports/caption-writer.ts';
import type { Ports } from '#ports/ports.ts';
import { altTextFromAi, captionFromAnswer, saysTheSame } from '#post/ai-caption.ts';
import { type Caption, captionFromAi, captionFromWords } from '#post/caption.ts';
import { nameAsWords, type OwnWords, type Photo } from '#post/photo.ts';
import type { Draft } from '#post/post.ts';
import { whenAndWhere } from '#post/when-and-where.ts';
import type { Look } from './describe-picture.ts';

type WriterPorts = Pick<Ports, 'captionWriter' | 'describer' | 'settings' | 'hashtagsFromAi' | 'log'>;

interface Material extends Look {
  readonly photo: Photo;
  readonly ownWords: OwnWords;
  readonly earlier: readonly string[];
  readonly direction: string | undefined;
}

export interface Written {
  /** Absent: nothing new could be written, the caption before stays. */
  readonly caption?: Caption;
  readonly remark?: Draft['remark'];
}

/** A caption by the AI, or, where there is none or it fails, one from the words that the photo brings along. */
export async function writeCaption(ports: WriterPorts, material: Material): Promise<Written> {
  const caption = await newCaption(ports, material);
  if (typeof caption === 'object') return { caption, ...remarkOnLook(ports, material) };
  if (material.earlier.length > 0) {
    return { remark: ports.captionWriter === undefined ? 'no-ai' : (caption ?? 'caption-kept') };
  }
  return { caption: wordsAtHand(ports, material), remark: caption ?? whyNoAnswer(ports, material) };
}

/** Asked once more when it says the same as a caption before; a word instead tells why there is none. */
async function newCaption(
  ports: WriterPorts,
  material: Material,
): Promise<Caption | 'over-budget' | 'no-credit' | 'same-again' | undefined> {
  const isNew = ({ text }: Caption) => material.earlier.every((each) => !saysTheSame(each, text));
  for (let time = 0; time < 2; time += 1) {
    const answer = await askWriter(ports, material);
    if (typeof answer !== 'object') return answer;
    const { altText, ...rest } = answer;
    // Of a picture that nobody saw, an alt text is made up.
    const isSeen = material.description !== undefined || material.picture !== undefined;
    const caption = captionFromAnswer(isSeen ? { altText, ...rest } : rest, {
      own: ports.settings().hashtags,
      fromAi: ports.hashtagsFromAi,
    });
    if (caption === undefined) return undefined;
    if (isNew(caption)) return withAltText(caption, material);
  }
  return 'same-again';
}

function remarkOnLook({ describer }: WriterPorts, material: Material): Pick<Written, 'remark'> {
  if (material.missing !== undefined) return { remark: remarkOnMissing[material.missing] };
  const isBlind =
    describer !== undefined && material.description === undefined && material.picture === undefined;
  return isBlind ? { remark: 'not-described' } : {};
}

const remarkOnMissing = { budget: 'over-budget', credit: 'no-credit-to-look' } as const;

/** Without anybody to look and without words of its own, there is nothing that a caption could be made from. */
function whyNoAnswer(
  { captionWriter, describer }: WriterPorts,
  { ownWords, missing }: Material,
): NonNullable<Draft['remark']> {
  if (captionWriter === undefined) return 'no-ai';
  if (missing !== undefined) return remarkOnMissing[missing];
  const canLook = describer !== undefined || captionWriter.looksItself;
  return !canLook && !hasText(ownWords) ? 'no-words' : 'ai-failed';
}

/** Keywords alone are not enough to write about. */
function hasText({ title, description }: OwnWords): boolean {
  return title !== undefined || description !== undefined;
}

async function askWriter(
  { captionWriter, log }: WriterPorts,
  { description, picture, ownWords, earlier, direction }: Material,
): Promise<AiCaption | 'over-budget' | 'no-credit' | undefined> {
  if (captionWriter === undefined) return undefined;
  if (description === undefined && picture === undefined && !hasText(ownWords)) return undefined;
  try {
    return await captionWriter.write({ description, picture, ownWords, earlier, direction });
  } catch (error) {
    if (error instanceof OverBudget) {
      log.warn({}, 'The caption would not fit into the budget of the month');
      return 'over-budget';
    }
    if (!(error instanceof ServiceError)) throw error;
    log.warn({ service: error.service, problem: error.problem }, 'The caption could not be written');
    return error.problem.kind === 'no-credit' ? 'no-credit' : undefined;
  }
}

/** Title and description; else what the describer saw; else keywords, the file's name, or season and place. */
function wordsAtHand({ settings }: WriterPorts, material: Material): Caption {
  const { hashtags, timeZone, captionLanguage: language } = settings();
  const { ownWords, description, photo } = material;
  const { title, description: told, keywords } = ownWords;
  const own = [...new Set([title, told].filter((part) => part !== undefined))].join('\n\n');
  if (own !== '') return withAltText(captionFromWords(own, hashtags), material);
  const described = description && captionFromAi(description.caption, hashtags);
  if (described !== undefined) return withAltText({ ...described, source: 'photo' }, material);
  const words = listed(keywords) ?? nameAsWords(photo.name) ?? whenAndWhere(ownWords, { timeZone, language });
  return captionFromWords(words ?? '', hashtags);
}

/** Keywords as a caption: "Harbour, fog, gulls". */
function listed(keywords: readonly string[]): string | undefined {
  const [first, ...rest] = keywords.slice(0, 8);
  return first && [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(', ');
}

/** Where the writer gave no alt text, what the describer saw is one. */
function withAltText(caption: Caption, { description }: Material): Caption {
  if (caption.altText !== undefined || description === undefined) return caption;
  const { altText } = altTextFromAi(description.caption);
  return altText === undefined ? caption : { ...caption, altText };
}
