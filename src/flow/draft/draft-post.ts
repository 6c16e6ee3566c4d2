import type { Ports } from '#ports/ports.ts';
import { contentFor, misfitOf } from '#post/content.ts';
import { isRefusal } from '#post/lifecycle.ts';
import type { Draft, Post, PostIn } from '#post/post.ts';
import { describePicture } from './describe-picture.ts';
import { type DevelopPorts, develop } from './develop.ts';
import { openKept } from './open-kept.ts';
import type { Preparing } from './prepare-next.ts';
import { type Written, writeCaption } from './write-caption.ts';

type DraftPorts = DevelopPorts & Pick<Ports, 'clock'> & { readonly preparing?: Pick<Preparing, 'take'> };

/**
 * Makes what the owner is asked about: the picture for each platform and a caption. Writing another caption for
 * a draft that exists leaves its pictures alone. Throws `ServiceError`, `PhotoGone` and `UnreadablePicture`;
 * an AI that fails is no error, the draft comes with other words.
 */
export async function draftPost(ports: DraftPorts, post: PostIn<'drafting'>): Promise<void> {
  const { draft, written } = await (post.draft === undefined
    ? draftFirst(ports, post)
    : rewrite(ports, post, post.draft));
  const { caption, remark } = written;
  const drafted = await ports.store.update(post.id, {
    type: 'drafted',
    at: ports.clock.now().toISOString(),
    draft: { ...draft, ...(remark !== undefined && { remark }) },
    ...(caption !== undefined && { caption }),
  });
  if (drafted !== undefined && !isRefusal(drafted)) reportMisfits(ports, drafted);
}

/** The card says it to the owner; but it is a mistake of ours. */
function reportMisfits({ platforms, log }: DraftPorts, post: Post): void {
  if (post.state !== 'awaiting-approval') return;
  for (const platform of platforms) {
    const content = contentFor(post, platform);
    const misfit = content && misfitOf(content, platform);
    if (misfit === undefined) continue;
    log.error({ post: post.id, platform: platform.id, misfit }, 'What was made does not fit the platform');
  }
}

interface Drafted {
  readonly draft: Draft;
  readonly written: Written;
}

/** Nobody has said yet how the caption should be. */
async function draftFirst(ports: DraftPorts, { photo }: PostIn<'drafting'>): Promise<Drafted> {
  const prepared = await ports.preparing?.take(photo);
  if (prepared === undefined) return await develop(ports, photo);
  const { draft, caption } = prepared;
  return { draft, written: { caption } };
}

/** For another caption the pictures stay; one that was not described yet is looked at now, as it is kept. */
async function rewrite(ports: DraftPorts, post: PostIn<'drafting'>, old: Draft): Promise<Drafted> {
  const { remark: _, ...draft } = old;
  const look = await describePicture(ports, post.photo, () => openKept(ports, draft), true);
  const { photo, captions, direction } = post;
  const earlier = captions.map(({ text }) => text);
  return {
    draft,
    written: await writeCaption(ports, { ...look, photo, ownWords: draft.ownWords, direction, earlier }),
  };
}
