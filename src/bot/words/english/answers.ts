import type { Problem } from '#post/delivery.ts';
import { shownName } from '#post/file-name.ts';
import type { Refusal } from '#post/lifecycle.ts';
import { isApproved, type Post } from '#post/post.ts';
import type { Mode } from '#post/settings.ts';
import { whereCodeIs } from './phrases.ts';

/** The short answer to a tap that was taken. */
export const taken = {
  approved: 'Publishing …',
  scheduled: 'All right, it goes out then.',
  approvedSoon: 'It goes out in a moment. Undo stops it.',
  undone: 'Stopped. Nothing has gone out.',
  withdrawing: 'Taking it down …',
  saved: 'Saved.',
  regenerated: 'Writing another caption …',
  versionChosen: 'This text counts now.',
  skipped: 'Skipped.',
  neverAgain: 'It does not come again.',
  shaped: 'Changed. More › Preview shows you the picture.',
  retried: 'Trying again …',
  seen: 'Good, noted.',
  dropped: 'All right.',
  mode: (mode: Mode, minutes: number) =>
    ({
      auto: 'From now on I publish by myself.',
      review: 'From now on I ask you first.',
      veto: `From now on I publish by myself, and you have ${minutes} minutes to stop me.`,
    })[mode],
};

/** The short answer to a tap that could not be taken. */
export function notTaken(post: Post | undefined, refused: Refusal['refused'] = 'not-now'): string {
  if (post === undefined) return 'This card is from earlier. There is nothing left to do here.';
  if (refused === 'too-soon') return 'Please wait two minutes and look again: it can still turn up.';
  if (refused === 'outdated') {
    return isApproved(post)
      ? 'This button is from earlier. Please look at the card again.'
      : 'The draft has changed since. Please look at it again.';
  }
  switch (post.state) {
    case 'drafting':
      return 'Another caption is being written. One moment.';
    case 'awaiting-approval':
      return 'This button is from earlier. Please use the newest card.';
    case 'scheduled':
      return 'It is already approved and waits for its time. The card has the buttons.';
    case 'publishing':
      return 'It is already on its way.';
    case 'published':
    case 'archived':
      return 'It is already published.';
    case 'withdrawing':
      return 'It is just being taken down.';
    case 'withdrawn':
      return 'It was taken down.';
    case 'failed':
      return 'It could not be published. The card says why.';
    case 'skipped':
      return 'It was skipped.';
    case 'expired':
      return post.reason === 'gone' || post.reason === 'unreadable'
        ? 'This draft is over.'
        : 'Not published: the photo is not what or where it was. The card says more.';
  }
}

export const editing = {
  soFar: 'This is what it says now, for you to copy:',
  outdated: 'The draft was decided or changed meanwhile, so I left out what you sent.',
  notSaved: 'I could not save that, because the disk takes nothing. Please send it again later, or /cancel.',
  nothingToCancel: 'There is nothing to cancel.',
};

/** The talk about a code that a platform wants. */
export const codeEntry = {
  ask: (platform: string, code: NonNullable<Problem['code']>) =>
    `Please send me the six digits of ${platform}’s code: ${whereCodeIs(code)}. I delete your message afterwards. /cancel stops this.`,
  digitsPlease: 'A code is six digits, like 123 456. Please send just those, or /cancel.',
  wrong: (platform: string) =>
    `${platform} says that this is not the code. Please look again and send it once more, or /cancel.`,
  unanswered: (trouble: string) => `${trouble} Please send me the code once more, or /cancel.`,
  over: (platform: string) =>
    `${platform} no longer waits for this code. Press 🔁 Try ${platform} again on the card: then it sends a new one.`,
  refused: (trouble: string) => `The code did not help. ${trouble}`,
  taken: (platform: string) => `Thank you, ${platform} has let me in. I try your post again now.`,
  takenButNotSaved: (platform: string) =>
    `${platform} has let me in, but the disk takes nothing right now. Press 🔁 Try ${platform} again on the card later.`,
  notAwaited: 'No code is waited for any more. Press 🔁 to try again: if one is needed, a new one is sent.',
  cancelled: 'All right, no code. The card still has its buttons.',
};

/** The talk about a post that is to be taken down. */
export const takeDown = {
  ask: (name: string) =>
    `Take ${shownName(name)} down everywhere? I delete it wherever I can, and the photo comes back to your folder.`,
  yes: 'Yes, take it down',
  no: 'No, keep it',
  kept: 'All right, it stays.',
};

/** A decision that is not on disk does not count. */
export function notSaved(code: string): string {
  return `I could not save that: ${code === 'ENOSPC' ? 'the disk is full' : `the disk reports ${code}`}. Nothing was done; please press again later.`;
}
