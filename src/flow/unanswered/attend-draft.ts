import { endIfChanged, type LookPorts } from '#flow/approve/look-again.ts';
import type { Ports } from '#ports/ports.ts';
import { contentsFor } from '#post/content.ts';
import { isPausedAt } from '#post/pause.ts';
import type { Post, PostIn } from '#post/post.ts';
import type { SettingName } from '#post/settings.ts';
import { dueWithDraft } from '#post/unanswered.ts';

type AttendPorts = LookPorts & Pick<Ports, 'platforms' | 'settings' | 'hasHeard'>;

/** What is due with a draft that nobody has answered; nothing while Darkroom is paused. */
export function dueNow(
  { store, settings, clock, hasHeard }: Pick<Ports, 'store' | 'settings' | 'clock' | 'hasHeard'>,
  post: Post,
): ReturnType<typeof dueWithDraft> {
  const now = clock.now();
  const { changes, settings: kept } = store.state();
  if (isPausedAt(kept.pause, now)) return undefined;
  const held = settings();
  const chosenAt = changes.findLast(({ setting }) => decisive.has(setting))?.at;
  const isNew =
    chosenAt !== undefined && now.getTime() - Date.parse(chosenAt) < held.unansweredHours * hourMs;
  // The answer can have been pressed while Darkroom did not run.
  const isOpen = isNew || !hasHeard();
  return dueWithDraft(post, isOpen ? { ...held, unanswered: 'keep' } : held, now);
}

/** A draft that has waited for long must not go out at the very tap that chooses these: its hours begin with that. */
const decisive: ReadonlySet<string> = new Set<SettingName>(['unanswered', 'unansweredHours']);

const hourMs = 60 * 60 * 1000;

/**
 * Records a reminder of a draft that nobody has answered, or decides it as the owner's setting says. It goes out at
 * once, without the moment to take it back: that is for who has just pressed a button, and here nobody has. Throws
 * `NotSaved`.
 */
export async function attendDraft(ports: AttendPorts, post: PostIn<'awaiting-approval'>): Promise<void> {
  const { store, clock } = ports;
  const { id, revision } = post;
  const at = () => clock.now().toISOString();
  switch (dueNow(ports, post)) {
    case 'remind':
      await store.update(id, { type: 'reminded', at: at() });
      return;
    case 'drop':
      await store.update(id, { type: 'skipped', revision, by: 'unanswered', at: at() });
      return;
    case 'publish': {
      const contents = contentsFor(post, ports.platforms);
      if (Object.keys(contents).length === 0 || (await endIfChanged(ports, post)) !== undefined) return;
      // A pause can have begun, or another setting, while the photo was looked at.
      if (dueNow(ports, post) !== 'publish') return;
      await store.update(id, { type: 'approved', revision, by: 'unanswered', at: at(), contents });
      return;
    }
  }
}
