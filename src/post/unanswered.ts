import { goesOutUnasked, isSuspicious, type Post } from './post.ts';
import type { Settings } from './settings.ts';

const hourMs = 60 * 60 * 1000;

/**
 * What is due with a draft that nobody has answered; undefined: nothing now. Where there are reminders, it is neither
 * published nor dropped without one, and not sooner after it than planned: while the program did not run, nobody could
 * answer. A suspicious text never goes out unread.
 */
export function dueWithDraft(
  post: Post,
  settings: Pick<Settings, 'reminderHours' | 'unanswered' | 'unansweredHours'>,
  now: Date,
): 'remind' | 'publish' | 'drop' | undefined {
  if (post.state !== 'awaiting-approval' || goesOutUnasked(post)) return undefined;
  const { reminderHours, unanswered, unansweredHours } = settings;
  const hoursSince = (iso: string) => (now.getTime() - Date.parse(iso)) / hourMs;
  const waited = hoursSince(post.touchedAt ?? post.createdAt);
  const hasReminder = reminderHours > 0 && reminderHours < unansweredHours;
  if (post.remindedAt === undefined && reminderHours > 0 && waited >= reminderHours) {
    if (hasReminder || unanswered === 'keep' || waited < unansweredHours) return 'remind';
  }
  const isWarned =
    !hasReminder ||
    (post.remindedAt !== undefined && hoursSince(post.remindedAt) >= unansweredHours - reminderHours);
  if (unanswered === 'keep' || waited < unansweredHours || !isWarned) return undefined;
  return unanswered === 'publish' && isSuspicious(post) ? undefined : unanswered;
}
