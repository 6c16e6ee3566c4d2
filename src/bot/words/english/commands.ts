import type { Delivery } from '#post/delivery.ts';
import type { Mode } from '#post/settings.ts';

/** The command menu, in the order in which it is shown. */
export const commands = [
  { command: 'post', description: 'Show me a draft now; /post harbour takes that photo' },
  { command: 'queue', description: 'See which photos come next' },
  { command: 'history', description: 'What was published; /history harbour searches' },
  { command: 'stats', description: 'Your posts in numbers' },
  { command: 'status', description: 'How things stand' },
  { command: 'retry', description: 'Try again what has failed' },
  { command: 'auto', description: 'Ask first, or publish by itself' },
  { command: 'schedule', description: 'When drafts come; /schedule weekdays at 9' },
  { command: 'settings', description: 'See and change everything' },
  { command: 'pause', description: 'No drafts for a while; /pause 5 for five days' },
  { command: 'resume', description: 'Drafts again, as planned' },
  { command: 'cancel', description: 'Stop what you are writing' },
  { command: 'help', description: 'How Darkroom works' },
] as const;

export const greeting =
  'Welcome to Darkroom. Once a day I take a photo from your Dropbox, write a caption and show you the draft here. You press Publish, and it goes out.\n\nPress /post to see your first draft now, /help for everything else.';

export const paired = `You are the owner of this Darkroom now. Nobody else can use it.\n\n${greeting}`;

export const help = [
  'Once a day I show you a draft: a photo from your Dropbox folder with a caption. Nothing goes out before you press Publish, unless you chose with /auto that I publish by myself.',
  'On the card:\n✅ Publish sends it to all your places at once.\n🔄 Regenerate writes another caption.\n✏️ Edit lets you write it yourself.\n🕒 Later sets a time, 📣 Where the places.\n⏭ Skip puts the photo back for a month.\n⋯ More › Preview sends you what each place will get.\nWhite, Black, Blurred, Crop: borders or a cut, where Instagram does not take the shape.\n🗑 Take down deletes what is published wherever I can.',
  'Commands:\n/post – a draft now; /post harbour takes the photo of that name\n/queue – the next photos; press a number to move one or take it out\n/history – what was published, or /history harbour to search\n/stats – your posts in numbers\n/status – how things stand\n/retry – try again what has failed\n/auto – publish without asking, or ask first\n/schedule – when drafts come\n/settings – everything you can change\n/pause – no drafts by themselves; /pause 5 for five days, /pause 2026-12-24 until that day\n/resume – drafts as planned again\n/cancel – stop what you are writing',
  'Send me photos here, best as files, and I put them into your Dropbox folder and draft them.',
  'When it is published, the photo moves to the archive folder in your Dropbox.',
  '❓ on a card means that I do not know whether it arrived: look there, then press what you found. 🔁 tries again.',
].join('\n\n');

export const notUnderstood = 'I did not understand that. /help shows what I can do.';
export const somethingWentWrong =
  'Something went wrong on my side. Please look at the newest card, then try again.';

export function autoMode(mode: Mode, minutes: number): string {
  return {
    auto: 'I publish by myself at the planned time and report here.',
    review: 'I show you each draft and publish when you say so.',
    veto: `I show you each draft and publish it ${minutes} minutes later unless you stop me.`,
  }[mode];
}

/** Above the finished posts. */
export const history = {
  /** A place that does not have the post, with what became of it there. */
  place: (name: string, state: Exclude<Delivery['state'], 'published'>) => {
    const became = {
      waiting: 'on its way',
      sending: 'on its way',
      failed: 'not published',
      uncertain: 'perhaps there',
      dropped: 'left out',
      withdrawn: 'taken down',
    };
    return `${name} (${became[state]})`;
  },
  head: (words: string) =>
    words === ''
      ? 'Your posts, the newest first. Press a number to see one.'
      : `Your posts with “${words}”. Press a number to see one.`,
  none: (words: string) =>
    words === '' ? 'Nothing is published yet. /post brings a draft.' : `I found no post with “${words}”.`,
};

/** The answer to `/retry`, with the place of each delivery. */
export function retrying(places: readonly string[]): string {
  if (places.length === 0) return 'Nothing has failed, so there is nothing to try again.';
  const counts = [...Map.groupBy(places, (place) => place)]
    .map(([place, { length }]) => (length > 1 ? `${place} (${length})` : place))
    .join(', ');
  return `🔁 I try again: ${counts}. The cards show how it goes.`;
}
