import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDisk } from '#simulator/disk.ts';
import { fetchPicture } from './picture.ts';
import { refusals } from './replies.ts';

/** A picture on the account, as the tests see it. */
export interface GraphPost {
  readonly id: string;
  readonly permalink: string;
  /** Empty when the post has none. */
  readonly caption: string;
  readonly altText: string;
  readonly picture: Buffer;
}

interface Container {
  readonly id: string;
  readonly caption: string;
  readonly altText: string;
  readonly createdMs: number;
  /** How many more looks find it in progress. */
  readonly looksLeft: number;
  /** Meta's subcode for what went wrong with the picture. */
  readonly failure?: number;
  /** When it was published, and as what. */
  readonly published?: { readonly id: string; readonly atMs: number };
}

interface Kept {
  readonly lastId: number;
  readonly containers: readonly Container[];
}

/** Meta, content publishing: containers live 24 hours, and a limit counts what was published in the last 24. */
const dayMs = 24 * 60 * 60 * 1000;
/** Meta, error 36004/2207010: 2,200 characters, 30 hashtags and 20 @ tags; alt text up to 1,000 characters. */
const longestCaption = 2200;
const longestAltText = 1000;
const mostHashtags = 30;
const mostMentions = 20;

function isAllowedCaption(caption: string): boolean {
  const hashtags = caption.match(/#[\p{L}\p{N}_]+/gu) ?? [];
  const mentions = caption.match(/@[A-Za-z0-9_.]+/g) ?? [];
  const isShort = caption.length <= longestCaption;
  return isShort && hashtags.length <= mostHashtags && mentions.length <= mostMentions;
}

export interface MediaOptions {
  readonly folder: string;
  now(): number;
  changed(): void;
}

/** Containers and what became of them. */
export function openMedia({ folder, now, changed }: MediaOptions) {
  const disk = openDisk<Kept>(folder, 'graph-media');
  const pictures = join(folder, 'graph-pictures');
  mkdirSync(pictures, { recursive: true });
  let kept: Kept = disk.read() ?? { lastId: 17_900_000_000_000_000, containers: [] };
  let quota = 50;
  let looksInProgress = 1;
  let failure: number | undefined;

  function keep(change: Partial<Kept>): void {
    kept = { ...kept, ...change };
    disk.write(kept);
    changed();
  }

  function nextId(): string {
    keep({ lastId: kept.lastId + 7 });
    return String(kept.lastId);
  }

  function replace(next: Container): void {
    keep({ containers: kept.containers.map((each) => (each.id === next.id ? next : each)) });
  }

  const usage = () =>
    kept.containers.filter(({ published }) => published && published.atMs > now() - dayMs).length;

  function statusOf(container: Container): string {
    if (container.published) return 'PUBLISHED';
    if (now() - container.createdMs >= dayMs) return 'EXPIRED';
    if (container.looksLeft > 0) return 'IN_PROGRESS';
    return container.failure === undefined ? 'FINISHED' : 'ERROR';
  }

  function shown({ id, caption, altText, published }: Container): object {
    const timestamp = new Date(published?.atMs ?? 0).toISOString().replace(/\.\d+Z$/, '+0000');
    const media = { id: published?.id, media_type: 'IMAGE', permalink: permalinkOf(id), timestamp };
    return { ...media, ...(caption !== '' && { caption }), ...(altText !== '' && { alt_text: altText }) };
  }

  const published = () => kept.containers.filter((each) => each.published !== undefined);
  const newestFirst = () =>
    published().toSorted((a, b) => Number(b.published?.id ?? 0) - Number(a.published?.id ?? 0));

  return {
    isContainer: (id: string) => kept.containers.some((each) => each.id === id),
    async create(params: URLSearchParams): Promise<object> {
      const url = params.get('image_url');
      const caption = params.get('caption') ?? '';
      const altText = params.get('alt_text') ?? '';
      if (url === null) throw refusals.missing('image_url');
      if (!isAllowedCaption(caption)) throw refusals.captionTooLong();
      if (altText.length > longestAltText) throw refusals.missing('alt_text (at most 1000 characters)');
      const picture = await fetchPicture(url);
      const id = nextId();
      writeFileSync(join(pictures, `${id}.jpg`), picture);
      const container: Container = {
        ...{ id, caption, altText, createdMs: now(), looksLeft: looksInProgress },
        ...(failure !== undefined && { failure }),
      };
      keep({ containers: [...kept.containers, container] });
      return { id };
    },
    status(id: string): object {
      const container = kept.containers.find((each) => each.id === id);
      if (container === undefined) throw refusals.unknown(id);
      const code = statusOf(container);
      if (code === 'IN_PROGRESS') replace({ ...container, looksLeft: container.looksLeft - 1 });
      const words = code === 'ERROR' ? `Media upload has failed with error code ${container.failure}` : code;
      return { id, status_code: code, status: `${code}: ${words}` };
    },
    publish(id: string | null): object {
      if (id === null) throw refusals.missing('creation_id');
      const container = kept.containers.find((each) => each.id === id);
      if (container === undefined) throw refusals.unknown(id);
      const code = statusOf(container);
      if (code === 'PUBLISHED') throw refusals.publishedBefore();
      if (code === 'EXPIRED') throw refusals.expiredContainer();
      if (code !== 'FINISHED') throw refusals.notReady();
      if (usage() >= quota) throw refusals.quotaReached();
      const mediaId = nextId();
      replace({ ...container, published: { id: mediaId, atMs: now() } });
      return { id: mediaId };
    },
    limit: (): object => ({
      data: [{ quota_usage: usage(), config: { quota_total: quota, quota_duration: 86_400 } }],
    }),
    list: (limit: number): object => ({ data: newestFirst().slice(0, limit).map(shown) }),
    item(id: string): object {
      const found = published().find((each) => each.published?.id === id);
      if (found === undefined) throw refusals.unknown(id);
      return shown(found);
    },
    posts: (): readonly GraphPost[] =>
      newestFirst()
        .toReversed()
        .map(({ id, caption, altText, published: out }) => ({
          id: out?.id ?? '',
          permalink: permalinkOf(id),
          ...{ caption, altText },
          picture: readFileSync(join(pictures, `${id}.jpg`)),
        })),
    containers: (): number => kept.containers.length,
    setQuota(total: number): void {
      quota = total;
    },
    setLooksInProgress(looks: number): void {
      looksInProgress = looks;
    },
    setFailure(subcode: number | undefined): void {
      failure = subcode;
    },
  };
}

function permalinkOf(containerId: string): string {
  return `https://www.instagram.com/p/${Buffer.from(containerId).toString('base64url').slice(-11)}/`;
}
