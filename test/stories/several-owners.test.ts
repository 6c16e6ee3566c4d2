import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { openWorld, type World } from '../world.ts';

/** Two owners who have both the same draft before them. */
async function openForTwo() {
  const world = await openWorld({ settings: { TELEGRAM_OWNER_ID: '4711, 7000' } });
  const { telegram } = world.simulator;
  const [anna, ben] = [telegram.phone(4711), telegram.phone(7000)];
  ben.send('/start');
  await world.see('the greeting', () => ben.messages().some(({ from }) => from === 'bot'));
  anna.send('/post');
  const card = (phone: typeof anna, text: string): Promise<ChatMessage> =>
    world.see(`a card with ${text}`, () =>
      phone.messages().findLast((each) => each.photo !== undefined && each.text.includes(text)),
    );
  await card(anna, 'Instagram:');
  await card(ben, 'Instagram:');
  const tap = async (phone: typeof anna, button: string) => {
    const { id } = await card(phone, '📷');
    return (await phone.tap(id, button).answer).text;
  };
  return { world, anna, ben, card, tap, nameOf: world.darkroom().app.nameOf };
}

const out = ({ simulator: { telegram, instagram } }: World) => [
  telegram.channelPosts().length,
  instagram.posts().length,
];

describe('with two owners', () => {
  it('the first one decides, and the other reads who it was', async () => {
    const { world, anna, ben, card, tap, nameOf } = await openForTwo();
    const name = nameOf(4711) ?? '';
    expect(name).not.toBe('');
    expect(await tap(anna, '✅ Publish')).toBe('Publishing …');
    expect((await card(ben, 'Archived')).text).toContain(`👤 Published by ${name}`);
    expect((await card(anna, 'Archived')).text).not.toContain('👤');
    expect(out(world)).toEqual([1, 1]);
  });

  it('the one who is too late reads it in the answer', async () => {
    const { world, anna, ben, card, tap, nameOf } = await openForTwo();
    const late = await card(anna, 'Instagram:');
    const data = /"data":"(skip:[^"]+)"/.exec(JSON.stringify(late.keyboard))?.[1] ?? '';
    expect(await tap(ben, '⏭ Skip')).toBe('Skipped.');
    const said = `👤 Skipped by ${nameOf(7000)}`;
    expect((await card(anna, 'Skipped.')).text).toContain(said);
    expect((await anna.tapRaw(late.id, data.replace('skip', 'publish')).answer).text).toBe(
      `It was skipped. ${said}`,
    );
    await world.darkroom().app.whenIdle();
    expect(out(world)).toEqual([0, 0]);
  });
});

it('a single owner reads no name', async () => {
  const world = await openWorld();
  world.phone.send('/post');
  await world.seeCard('Instagram:');
  await world.tap('Publish');
  expect((await world.seeCard('Archived')).text).not.toContain('👤');
});
