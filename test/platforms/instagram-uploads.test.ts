import { expect, it } from 'vitest';
import type { Publication } from '#ports/platform.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { attempt, calls, type Instagram, openInstagram } from '../fakes/open-instagram.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';

/** One with a session and a post, in which an upload counts from now on. */
async function openAhead() {
  const instagram = await openInstagram({ INSTAGRAM_UPLOAD_AHEAD: true });
  await attempt(instagram);
  const before = calls(instagram, 'upload');
  return { ...instagram, uploads: () => calls(instagram, 'upload') - before };
}

const next = async (changes: Partial<Publication> = {}) =>
  publicationOf({
    postId: 'next',
    caption: 'The next one',
    picture: await plainJpeg(640, 480, '#336699'),
    ...changes,
  });

const published = { outcome: 'published' };

async function publishTwice({ publisher, service }: Instagram, publication: Publication) {
  const outcomes = [await publisher.publish(publication), await publisher.publish(publication)];
  return { outcomes: outcomes.map(({ outcome }) => outcome), posts: service.posts() };
}

it('publishes what was sent ahead without sending it again, and shows nothing before', async () => {
  const instagram = await openAhead();
  const publication = await next();
  await instagram.publisher.uploadAhead?.(publication.picture);
  expect(instagram.service.posts()).toHaveLength(1);
  expect(await instagram.publisher.publish(publication)).toMatchObject(published);
  expect(instagram.uploads()).toBe(1);
  expect(instagram.service.posts()[1]?.picture.equals(publication.picture)).toBe(true);
});

it('sends a picture ahead once, however often it is asked to', async () => {
  const instagram = await openAhead();
  const { picture } = await next();
  await Promise.all([instagram.publisher.uploadAhead?.(picture), instagram.publisher.uploadAhead?.(picture)]);
  await instagram.publisher.uploadAhead?.(picture);
  expect(instagram.uploads()).toBe(1);
});

it('waits for what is on its way when it is published', async () => {
  const instagram = await openAhead();
  const publication = await next();
  const ahead = instagram.publisher.uploadAhead?.(publication.picture);
  await expect.poll(instagram.uploads).toBe(1);
  expect(await instagram.publisher.publish(publication)).toMatchObject(published);
  await ahead;
  expect(instagram.uploads()).toBe(1);
});

it('takes an upload for one post alone', async () => {
  const instagram = await openAhead();
  const publication = await next();
  await instagram.publisher.uploadAhead?.(publication.picture);
  const { outcomes, posts } = await publishTwice(instagram, publication);
  expect(outcomes).toEqual(['published', 'published']);
  expect(posts).toHaveLength(3);
  expect(instagram.uploads()).toBe(2);
});

it('sends another picture anew, and one that was sent long ago', async () => {
  const instagram = await openAhead();
  const [first, second] = [await next(), await next({ picture: await plainJpeg(640, 480, '#993366') })];
  await instagram.publisher.uploadAhead?.(first.picture);
  expect(await instagram.publisher.publish(second)).toMatchObject(published);
  expect(instagram.uploads()).toBe(2);
  instagram.clock.advance(31 * 60_000);
  expect(await instagram.publisher.publish(first)).toMatchObject(published);
  expect(instagram.uploads()).toBe(3);
  expect(instagram.service.posts()[2]?.picture.equals(first.picture)).toBe(true);
});

it('is worth another attempt when Instagram has lost the picture meanwhile, and that one sends it anew', async () => {
  const instagram = await openAhead();
  const publication = await next();
  await instagram.publisher.uploadAhead?.(publication.picture);
  instagram.service.forgetUploads();
  const { outcomes, posts } = await publishTwice(instagram, publication);
  expect(outcomes).toEqual(['not-sent', 'published']);
  expect(posts).toHaveLength(2);
});

it('publishes all the same when sending ahead has failed', async () => {
  const instagram = await openAhead();
  const fault = { kind: 'error', status: 500 } as const;
  instagram.faults.add({ service: 'instagram', operation: 'upload', fault, times: 1 });
  const publication = await next();
  await instagram.publisher.uploadAhead?.(publication.picture);
  expect(await instagram.publisher.publish(publication)).toMatchObject(published);
  expect(instagram.uploads()).toBe(2);
});

it('never signs in to send something ahead, and sends nothing while Instagram is left alone', async () => {
  const fresh = await openInstagram({ INSTAGRAM_UPLOAD_AHEAD: true });
  const { picture } = await next();
  await fresh.publisher.uploadAhead?.(picture);
  expect(fresh.service.calls).toEqual([]);
  const instagram = await openAhead();
  instagram.service.setCondition('feedback-required');
  await instagram.publisher.publish(await next());
  const before = instagram.uploads();
  await instagram.publisher.uploadAhead?.(picture);
  expect(instagram.uploads()).toBe(before);
});

it('has no such way where the owner does not want it', async () => {
  const { publisher } = await openInstagram({ INSTAGRAM_UPLOAD_AHEAD: false });
  expect(publisher.uploadAhead).toBeUndefined();
});
