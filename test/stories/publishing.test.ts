import { expect, it } from 'vitest';
import { openWorld } from '../world.ts';

it('publishes a draft everywhere, archives the photo and reports on the card', async () => {
  const { simulator, phone, see, seeCard, tap } = await openWorld();
  phone.send('/post harbour-at-dusk');
  const draft = await seeCard('📷');
  expect(draft.keyboard.flat().map(({ text }) => text)).toEqual([
    '✅ Publish',
    '🔄 Regenerate',
    '⏭ Skip',
    '✏️ Edit',
    '🕒 Later',
    '📣 Where',
    '⋯ More',
    '🎨 Style',
  ]);
  const name = /📷 (\S+)/.exec(draft.text)?.[1];

  expect(await tap('Publish')).toBe('Publishing …');

  const card = await seeCard('Archived');
  expect(card.text).toContain('✅ Telegram channel: published');
  expect(card.text).toContain('✅ Instagram: published');
  expect(card.text).toContain('✅ Email: published');
  const caption = draft.text.split('\n\n———')[0];
  expect(simulator.telegram.channelPosts().map(({ text }) => text)).toEqual([caption]);
  expect(simulator.instagram.posts().map((post) => post.caption)).toEqual([caption]);
  expect(simulator.smtp.mails()).toHaveLength(1);
  const paths = simulator.dropbox.files().map(({ path }) => path);
  expect(paths).toContain(`/Photos/archive/${name}`);
  expect(paths).not.toContain(`/Photos/${name}`);
  await see('a link to the post', () => card.keyboard.flat().some(({ url }) => url?.includes('t.me')));
});
