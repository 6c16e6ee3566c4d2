import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDisk } from '#simulator/disk.ts';
import type { SimulatedAnswer, SimulatedRequest } from '#simulator/http.ts';
import { type Fields, text } from './form.ts';
import { fail, mediaNotFound, ok, processingFailed } from './replies.ts';
import { checkUpload, isAllowedCaption, isAllowedShape, type Upload } from './rules.ts';

/** A picture on the account, as the page and the tests see it. */
export interface InstagramPost {
  /** `<number>_<number of the account>`. */
  readonly id: string;
  /** The last part of its address, `/p/<code>/`. */
  readonly code: string;
  /** Empty when the post has none. */
  readonly caption: string;
  readonly altText?: string;
  readonly takenAt: Date;
  readonly picture: Buffer;
  readonly width: number;
  readonly height: number;
}

interface KeptPost {
  readonly pk: string;
  readonly caption: string;
  readonly altText: string;
  readonly takenAtMs: number;
  readonly uploadId: string;
  readonly width: number;
  readonly height: number;
}

interface KeptPosts {
  readonly lastPk: string;
  /** Pictures that wait for their configure call. */
  readonly uploads: readonly Upload[];
  readonly posts: readonly KeptPost[];
  /** Numbers of posts; the owner pins them in the app. */
  readonly pinned?: readonly string[];
}

export interface Posts {
  /** Oldest first. */
  list(): readonly InstagramPost[];
  picture(code: string): Buffer | undefined;
  upload(request: SimulatedRequest): Promise<SimulatedAnswer>;
  /** How many pictures are in no post yet. */
  waiting(): number;
  /** Loses them. */
  forgetUploads(): void;
  configure(fields: Fields): SimulatedAnswer;
  feed(query: URLSearchParams): SimulatedAnswer;
  info(id: string): SimulatedAnswer;
  delete(id: string): SimulatedAnswer;
  /** Pins a post above the others, as the owner can in the app with at most three. */
  pin(id: string): void;
}

export interface PostsOptions {
  readonly folder: string;
  readonly accountPk: number;
  /** The account as it stands in each post. */
  profile(): object;
  /** Where pictures are served. */
  url(): string;
  now(): number;
  changed(): void;
}

const pageSize = 12;
const mostPinned = 3;

export function openPosts(options: PostsOptions): Posts {
  const { folder, accountPk, now, changed } = options;
  const disk = openDisk<KeptPosts>(folder, 'instagram-posts');
  const pictures = join(folder, 'instagram-pictures');
  mkdirSync(pictures, { recursive: true });
  let kept: KeptPosts = disk.read() ?? { lastPk: '0', uploads: [], posts: [] };

  function keep(change: Partial<KeptPosts>): void {
    kept = { ...kept, ...change };
    disk.write(kept);
    changed();
  }

  const file = (uploadId: string) => join(pictures, `${uploadId}.jpg`);
  const find = (id: string) => kept.posts.find((each) => each.pk === id.split('_')[0]);

  /** Grows with time as the real ones do, so that newer posts have larger numbers. */
  function nextPk(): string {
    const byTime = BigInt(Math.max(0, Math.trunc(now()) - 1_314_220_021_721)) << 23n;
    const last = BigInt(kept.lastPk);
    return String(byTime > last ? byTime : last + 1n);
  }

  function media(post: KeptPost): object {
    const code = shortCode(post.pk);
    const takenAt = Math.floor(post.takenAtMs / 1000);
    const picture = { width: post.width, height: post.height, url: `${options.url()}/p/${code}/picture.jpg` };
    return {
      taken_at: takenAt,
      pk: post.pk,
      id: `${post.pk}_${accountPk}`,
      device_timestamp: takenAt,
      media_type: 1,
      code,
      filter_type: 0,
      comment_count: 0,
      like_count: 0,
      has_liked: false,
      image_versions2: { candidates: [picture] },
      original_width: post.width,
      original_height: post.height,
      user: options.profile(),
      caption: post.caption === '' ? null : caption(post, takenAt),
      caption_is_edited: false,
      ...(post.altText !== '' && { accessibility_caption: post.altText }),
    };
  }

  function caption(post: KeptPost, createdAt: number): object {
    return {
      pk: post.pk,
      user_id: accountPk,
      text: post.caption,
      type: 1,
      created_at: createdAt,
      media_id: post.pk,
    };
  }

  return {
    list: () =>
      kept.posts.map((post) => ({
        id: `${post.pk}_${accountPk}`,
        code: shortCode(post.pk),
        caption: post.caption,
        ...(post.altText !== '' && { altText: post.altText }),
        takenAt: new Date(post.takenAtMs),
        get picture() {
          return readFileSync(file(post.uploadId));
        },
        width: post.width,
        height: post.height,
      })),
    picture(code) {
      const post = kept.posts.find((each) => shortCode(each.pk) === code);
      return post && readFileSync(file(post.uploadId));
    },
    async upload(request) {
      const checked = await checkUpload(request);
      if ('refusal' in checked) return checked.refusal;
      const { upload } = checked;
      if (kept.posts.some((each) => each.uploadId === upload.id)) return processingFailed();
      writeFileSync(file(upload.id), request.body);
      keep({ uploads: [...kept.uploads.filter((each) => each.id !== upload.id), upload] });
      return ok({ upload_id: upload.id, xsharing_nonces: {} });
    },
    waiting: () => kept.uploads.length,
    forgetUploads: () => keep({ uploads: [] }),
    configure(fields) {
      const upload = kept.uploads.find((each) => each.id === text(fields, 'upload_id'));
      if (upload === undefined) {
        return fail(400, {
          message: 'media_needs_reupload',
          error_title: 'staged_position_not_found extra:{}',
        });
      }
      if (!isAllowedShape(upload)) {
        return fail(400, { message: "Uploaded image isn't in an allowed aspect ratio" });
      }
      // the limit and its words are those of content publishing; the app's own words are not known
      if (!isAllowedCaption(text(fields, 'caption'))) {
        return fail(400, {
          message: 'The caption is too long. Maximum of 2,200 characters, 30 hashtags, and 20 @ tags.',
        });
      }
      const post: KeptPost = {
        pk: nextPk(),
        caption: text(fields, 'caption'),
        altText: text(fields, 'custom_accessibility_caption'),
        takenAtMs: now(),
        uploadId: upload.id,
        width: upload.width,
        height: upload.height,
      };
      keep({
        lastPk: post.pk,
        uploads: kept.uploads.filter((each) => each !== upload),
        posts: [...kept.posts, post],
      });
      return ok({ media: media(post), upload_id: upload.id });
    },
    feed(query) {
      const newestFirst = kept.posts.toReversed();
      const maxId = query.get('max_id');
      const last = maxId === null ? undefined : BigInt(/^\d+/.exec(maxId)?.[0] ?? '0');
      const older = last === undefined ? newestFirst : newestFirst.filter((each) => BigInt(each.pk) < last);
      const isPinned = (post: KeptPost) => maxId === null && (kept.pinned ?? []).includes(post.pk);
      const inOrder = [...older.filter(isPinned), ...older.filter((post) => !isPinned(post))];
      const page = inOrder.slice(0, Number(query.get('count')) || pageSize);
      const end = page.at(-1);
      const isMore = older.length > page.length;
      return ok({
        items: page.map(media),
        num_results: page.length,
        more_available: isMore,
        ...(isMore && end !== undefined && { next_max_id: `${end.pk}_${accountPk}` }),
        auto_load_more_enabled: true,
      });
    },
    info(id) {
      const post = find(id);
      if (post === undefined) return mediaNotFound();
      return ok({
        items: [media(post)],
        num_results: 1,
        more_available: false,
        auto_load_more_enabled: false,
      });
    },
    delete(id) {
      const post = find(id);
      if (post === undefined) return mediaNotFound();
      rmSync(file(post.uploadId), { force: true });
      keep({ posts: kept.posts.filter((each) => each !== post) });
      return ok({ did_delete: true });
    },
    pin(id) {
      keep({ pinned: [...(kept.pinned ?? []), id.split('_')[0] ?? ''].slice(-mostPinned) });
    },
  };
}

/** The number of a post written in Instagram's 64 letters, as its addresses have it. */
function shortCode(pk: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let rest = BigInt(pk);
  let code = '';
  do {
    code = `${letters[Number(rest % 64n)] ?? ''}${code}`;
    rest /= 64n;
  } while (rest > 0n);
  return code;
}
