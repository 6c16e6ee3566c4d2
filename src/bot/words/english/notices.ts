import type { Notice } from '#ports/owner-chat.ts';
import { shownName } from '#post/file-name.ts';
import type { SetAside } from '#post/state.ts';
import { counted, listed, noneLeft } from './phrases.ts';
import { problem } from './problems.ts';

export function notice(told: Notice, time: (iso: string) => string, date: (at: Date) => string): string {
  switch (told.kind) {
    case 'preparing':
      return `Preparing a draft of ${shownName(told.name)} …`;
    case 'still-preparing':
      return 'A draft is being prepared; it will be here in a moment.';
    case 'not-found':
      return `There is no photo called “${shownName(told.name)}” in the queue. /queue shows what is there.`;
    case 'several':
      return `Several photos are called like that. Send /post with the whole name:\n\n${told.names.slice(0, 8).map(shownName).join('\n')}`;
    case 'token-not-renewed':
      return `${told.service} did not renew my access. It lasts for about ${counted(told.daysLeft, 'more day')}. I try again every day; if you hear nothing from ${told.service} by then, make a new token as the README says and start Darkroom again.`;
    case 'gave-up':
      return 'It did not work for twelve hours, so I gave up on this draft. /post asks for one again.';
    case 'history-damaged':
      return `My record of ${told.months.join(', ')} was damaged, and I put it aside. Photos from then that are still in your folder could come up again; please look closely.`;
    case 'no-photos':
      return `${noneLeft} Put some photos in: if I see them within twelve hours, the draft comes by itself; later, press /post.`;
    case 'running-low':
      return runningLow(told.photosLeft, told.last && date(told.last));
    case 'photos-set-aside':
      return setAside(told.reason, told.names);
    case 'photo-gone':
      return `${shownName(told.name)} was moved or changed while I was preparing it. I take the next one.`;
    case 'service-down':
      return `${problem({ name: told.service }, told.problem)} ${doing[told.doing]}`;
    case 'not-saved':
      return `I cannot save anything: ${told.code === 'ENOSPC' ? 'the disk is full' : `the disk reports ${told.code}`}. Nothing goes out until that is mended; I keep trying.`;
    case 'state-recovered':
      return 'My memory was damaged, and I went back to the copy before it. Where I am not sure whether something went out, the card asks you.';
    case 'state-put-back':
      return `My memory was put back to ${told.writtenAt === undefined ? 'an older copy' : `how it was ${time(told.writtenAt)}`}. What I did since then I do not know: where something may be out already, its card asks you, and drafts from then have ended. Nothing goes out without you now; /auto changes that. Please look at your channel before you publish.`;
    case 'publish-missed':
      return `${shownName(told.name)} was to go out at ${time(told.at.toISOString())}, but I was not running or had no connection. It waits for you now: please look at its card.`;
    case 'slot-missed':
      return `I was not running at ${time(told.at.toISOString())}, so there was no draft. Press /post if you want one now.`;
  }
}

function runningLow(photosLeft: number, last: string | undefined): string {
  if (last === undefined) {
    return 'This is the last photo in your Dropbox folder. Put some more in, and the drafts go on as planned.';
  }
  return `${counted(photosLeft, 'more photo')} in your Dropbox folder, enough until about ${last}. Put some in before then, and the drafts go on as planned.`;
}

function setAside(reason: SetAside['reason'], names: readonly string[]): string {
  const which = listed(names);
  const isOne = names.length === 1;
  switch (reason) {
    case undefined:
      return isOne
        ? `I cannot open ${which}; the file seems to be damaged or is no photo. I leave it aside.`
        : `I cannot open ${names.length} files; they seem to be damaged or are no photos. I leave them aside: ${which}.`;
    case 'too-large':
      return isOne
        ? `${which} is larger than 100 MB, which is more than I can handle. I leave it aside.`
        : `${names.length} files are larger than 100 MB, which is more than I can handle. I leave them aside: ${which}.`;
    case 'removed':
      return `Taken out of the queue: ${which}.`;
    case 'never':
      return `${which} ${isOne ? 'does' : 'do'} not come again by ${isOne ? 'itself' : 'themselves'}, as you chose.`;
    case 'seen-before':
      return isOne
        ? `${which} looks just like a photo that was published already, so I leave it aside. /post with its name takes it anyway.`
        : `${names.length} photos look just like ones that were published already, so I leave them aside: ${which}. /post with a name takes that one anyway.`;
  }
}

const doing = {
  listing: 'So there is no draft yet; I keep trying, and nothing is lost.',
  drafting: 'The draft waits; I keep trying, and nothing is lost.',
  archiving: 'The post is out, only its photo is not in the archive yet; I keep trying.',
  working: 'I keep trying, and nothing is lost.',
} as const;
