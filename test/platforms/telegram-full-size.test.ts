import { expect, it, onTestFinished } from 'vitest';
import { telegram as platform } from '#platforms/telegram.ts';
import { createFaults, type Fault } from '#simulator/faults.ts';
import { startTelegram } from '#simulator/telegram/telegram.ts';
import { publicationOf } from '../contracts/platform-contract.ts';
import { createFakeLog } from '../fakes/log.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { shortenLimits } from '../fakes/short-limits.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** A channel in which the post is out. */
async function openChannel() {
  const faults = createFaults();
  const service = await startTelegram({ faults, folder: await temporaryFolder() });
  onTestFinished(() => service.close());
  const settings = {
    TELEGRAM_BOT_TOKEN: service.token,
    TELEGRAM_CHANNEL_ID: `@${service.channel.username}`,
    TELEGRAM_API_ROOT: service.url,
  };
  const publisher = platform.create(settings, {
    folder: await temporaryFolder(),
    log: createFakeLog(),
    ownerChat: () => service.owner.id,
  });
  const publication = await publicationOf({ postId: 'post-1' });
  const published = await publisher.publish(publication);
  const ref = published.outcome === 'published' ? published.ref : '';
  const picture = await plainJpeg(3000, 2000);
  return {
    faults,
    service,
    publisher,
    publication,
    picture,
    ref,
    follow: (file = picture) => publisher.sendFullSize?.({ postId: 'post-1', ref, picture: file }),
    documents: () => service.channelPosts().filter(({ document }) => document !== undefined),
    calls: () => service.calls.filter(({ operation }) => operation === 'sendDocument'),
  };
}

it('sends the very bytes as a file in answer to the post, without a sound, named like the post', async () => {
  const { follow, service, documents, calls, ref, picture } = await openChannel();
  expect(await follow()).toBe('sent');
  const [file, ...others] = documents();
  expect(others).toEqual([]);
  expect(file).toMatchObject({
    text: '',
    replyTo: Number(ref),
    document: { name: 'post-1.jpg', mime: 'image/jpeg' },
  });
  expect(service.photo(file?.document?.fileId ?? '')).toEqual(picture);
  expect(calls()[0]?.body.toString('latin1')).toMatch(/name="disable_notification"\s+true/);
});

const losses: readonly (readonly [string, Fault, 'not-sent' | undefined, number])[] = [
  ['Telegram asks to wait', { kind: 'rate-limit', retryAfterSeconds: 3 }, 'not-sent', 0],
  ['Telegram is out of order', { kind: 'error', status: 502 }, undefined, 0],
  ['the connection is lost before', { kind: 'drop', afterWork: false }, undefined, 0],
  ['the connection is lost after', { kind: 'drop', afterWork: true }, undefined, 1],
];
it.each(losses)('tells the truth and tries once when %s', async (_, fault, outcome, there) => {
  const { follow, faults, documents, calls } = await openChannel();
  faults.add({ service: 'telegram', operation: 'sendDocument', fault });
  expect(await follow()).toBe(outcome);
  expect([calls().length, documents().length]).toEqual([1, there]);
});

it('ends within its limit when Telegram hangs', async () => {
  const { follow, faults } = await openChannel();
  shortenLimits(100);
  faults.add({ service: 'telegram', operation: 'sendDocument', fault: { kind: 'hang' } });
  expect(await follow()).toBeUndefined();
});

it('surely sends none where the post is gone, the bot is out, or the file is larger than Telegram takes', async () => {
  const { follow, service, publisher, picture, documents } = await openChannel();
  expect(await publisher.sendFullSize?.({ postId: 'post-1', ref: '99', picture })).toBe('not-sent');
  expect(await follow(Buffer.alloc(51 * 1024 * 1024))).toBe('not-sent');
  service.setBotInChannel('kicked');
  expect(await follow()).toBe('not-sent');
  expect(documents()).toEqual([]);
});

it.each([true, false])(
  'is no hindrance to find a lost post behind it (it is there: %s)',
  async (afterWork) => {
    const { follow, faults, publisher, publication, documents } = await openChannel();
    const since = new Date();
    const next = { ...publication, postId: 'post-2', caption: 'Another one' };
    const fault = { kind: 'drop', afterWork } as const;
    faults.add({ service: 'telegram', operation: 'sendPhoto', fault, times: 1 });
    expect(await publisher.publish(next)).toMatchObject({ outcome: 'uncertain' });
    // The file of the post before is late, and among what the look finds.
    expect(await follow()).toBe('sent');
    expect(documents()).toHaveLength(1);
    expect(await publisher.look?.(next, since)).toMatchObject({ found: afterWork ? 'there' : 'absent' });
  },
);

it.each([[true], [false]])('is chosen by the setting: %s', (isOn) => {
  expect(platform.choose?.({ TELEGRAM_FULL_SIZE: isOn }).withFullSize).toBe(isOn);
});
