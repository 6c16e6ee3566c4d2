import type { SightText } from '#simulator/samples/sight-texts.ts';
import { type Sights, textsFor } from '#simulator/sights.ts';

/** What the messages of a request say, put together. */
export interface Prompt {
  readonly text: string;
  /** The pictures that came as data URLs. */
  readonly images: readonly Buffer[];
}

/** Answers that fit a prompt, another one each time. */
export interface Talk {
  /** The picture or thing the prompt speaks of. Throws when an image is not a picture. */
  subject(prompt: Prompt): Promise<SightText>;
  /** The next caption about it: not the one before, and none that stands in the prompt already. */
  caption(subject: SightText, prompt: Prompt): string;
}

export function createTalk(sights: Sights | undefined): Talk {
  const turns = new Map<string, number>();
  return {
    async subject({ text, images }) {
      const [image] = images;
      if (image !== undefined && sights !== undefined) return sights.look(image);
      return sights?.recall(text) ?? textsFor(describedIn(text));
    },
    caption(subject, prompt) {
      const fresh = subject.captions.map((_, turn) => turn);
      const start = turns.get(subject.description) ?? 0;
      const order = [...fresh.slice(start), ...fresh.slice(0, start)];
      const turn = order.find((each) => !prompt.text.includes(subject.captions[each] ?? '')) ?? start;
      turns.set(subject.description, (turn + 1) % subject.captions.length);
      return subject.captions[turn] ?? subject.description;
    },
  };
}

/**
 * The description inside a prompt: the text after "description:" or the like, or in quotation marks, or else
 * its longest line without an instruction in it.
 */
export function describedIn(text: string): string {
  const labelled =
    /(?:description|caption|shows|photo|picture|image)[^:\n]{0,30}:[ \t]*["“]?([^\n"”]{4,300})/i.exec(text);
  const quoted = /["“]([^"”\n]{6,300})["”]/.exec(text);
  const found = labelled?.[1] ?? quoted?.[1] ?? plainLine(text);
  return found.trim() || 'a photograph';
}

function plainLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const plain = lines.filter(
    (line) => !/^(write|you are|please|do not|answer|reply|use|keep|the caption)\b/i.test(line),
  );
  return plain.sort((a, b) => b.length - a.length)[0] ?? '';
}
