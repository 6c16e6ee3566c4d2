import { advance, beginPost, isRefusal, type PostEvent } from '#post/lifecycle.ts';
import type { Post } from '#post/post.ts';
import type { State } from '#post/state.ts';

const at = '2026-11-22T12:00:00.000Z';
const picture = { sha256: 'a'.repeat(64), width: 640, height: 480, sizeBytes: 1234 };
const content = { caption: 'Dusk', picture };

const steps = {
  drafted: {
    type: 'drafted',
    at,
    draft: { pictures: { telegram: picture }, ownWords: { keywords: [] } },
    caption: { text: 'Dusk', source: 'ai' },
  },
  skipped: { type: 'skipped', revision: 1, at, by: 7 },
  approved: { type: 'approved', revision: 1, at, by: 7, contents: { telegram: content } },
  scheduled: {
    type: 'scheduled',
    revision: 1,
    at,
    by: 7,
    contents: { telegram: content },
    publishAt: '2026-11-22T18:00:00.000Z',
    wait: 'later',
  },
  sending: { type: 'sending', platform: 'telegram', at },
  delivered: { type: 'delivered', platform: 'telegram', at, ref: '2' },
  failed: { type: 'delivery-failed', platform: 'telegram', at, problem: { kind: 'rejected' } },
  uncertain: { type: 'lost-sight', platform: 'telegram', at, problem: { kind: 'timeout' }, canLook: false },
  dropped: { type: 'dropped', platform: 'telegram', round: 1, at },
  retried: { type: 'retried', platform: 'telegram', round: 1, at },
  archived: { type: 'archived', at, path: '/Photos/archive/Dusk.jpg' },
} as const satisfies Record<string, PostEvent>;

export type Step = keyof typeof steps;

/** The way of a post that went out. */
export const publishedWay: readonly Step[] = ['drafted', 'approved', 'sending', 'delivered', 'archived'];

/** A post after these steps; its photo's content hash is `content of <id>`. */
export function postAfter(id: string, ...way: readonly Step[]): Post {
  const photo = {
    id: `id:${id}`,
    path: `/Photos/${id}.jpg`,
    name: `${id}.jpg`,
    sizeBytes: 1,
    contentHash: `content of ${id}`,
  };
  return way.reduce<Post>(
    (post, step) => happened(post, steps[step]),
    beginPost({ id, at, photo, isAutomatic: false }),
  );
}

export function eventOf(step: Step): PostEvent {
  return steps[step];
}

/** A change of the state that adds a post. */
export function adding(post: Post): (state: State) => State {
  return (state) => ({ ...state, posts: { ...state.posts, [post.id]: post } });
}

function happened(post: Post, event: PostEvent): Post {
  const next = advance(post, event);
  if (isRefusal(next)) throw new Error(`"${event.type}" does not fit a post that is ${post.state}`);
  return next;
}
