import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';

/** A world with the queue on the phone, and what can be done with it. */
async function openQueue(options?: WorldOptions, fill?: (world: World) => Promise<void>) {
  const world = await openWorld(options);
  await fill?.(world);
  const { phone, see, darkroom } = world;
  phone.send('/queue');
  const isSheet = ({ text }: { readonly text: string }) => /^1?\d\. |Next, by their/m.test(text);
  const newest = () =>
    phone.messages().findLast((message) => message.photo !== undefined && isSheet(message));
  const sheet = await see('the sheet', newest);
  const shown = () => phone.messages().find(({ id }) => id === sheet.id);
  const names = () => [...(shown()?.text ?? '').matchAll(/^\d+\. (.+)$/gm)].map(([, name = '']) => name);
  async function press(button: string): Promise<string> {
    const text = await see(`the button ${button}`, () =>
      shown()
        ?.keyboard.flat()
        .map((each) => each.text)
        .find((each) => each === button || (button.length > 2 && each.includes(button))),
    );
    const answer = await phone.tap(sheet.id, text).answer;
    return answer.text ?? '';
  }
  /** The answer to what is chosen for the photo of this number. */
  async function choose(number: number, button: string): Promise<string> {
    await press(String(number));
    return await press(button);
  }
  const seeNames = (expected: readonly string[]) =>
    see(`the order ${expected.join(', ')}`, () => JSON.stringify(names()) === JSON.stringify(expected));
  const queued = async () => (await darkroom().app.queue(90)).next.map(({ name }) => name);
  return { ...world, sheet, shown, names, press, choose, seeNames, queued };
}

async function putPhotos({ simulator }: World, count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    simulator.dropbox.put(`/Photos/photo-${index}.jpg`, await plainJpeg(600 + index, 400));
  }
}

describe('the queue on the phone', () => {
  it('brings the card of a draft or a post that waits for its time to the end of the chat', async () => {
    const { press, phone, cards, darkroom, seeCard, see } = await openQueue({}, async (world) => {
      const { app } = world.darkroom();
      await app.requestDraft('harbour-at-dusk');
      await world.seeCard(({ keyboard }) => keyboard.length > 0);
      const [post] = (await app.status()).open;
      await app.schedule(post?.id ?? '', post?.revision ?? 0, new Date(app.now().getTime() + 3_600_000), 1);
      await world.seeCard('Goes out on');
      await app.requestDraft('dunes-panorama');
      await world.see('the other draft', () => world.cards().length === 2);
      await app.whenIdle();
    });
    const newest = () => cards().at(-1);
    await press('⏰ harbour-at-dusk.jpg');
    await see('the card', () => newest()?.text.includes('Goes out on'));
    expect(newest()?.id).toBe(phone.messages().at(-1)?.id);
    expect(
      newest()
        ?.keyboard.flat()
        .map(({ text }) => text),
    ).toContain('🕒 Move');
    await press('📝 dunes-panorama.jpg');
    await see('the draft', () =>
      newest()
        ?.keyboard.flat()
        .some(({ text }) => text === '✅ Publish'),
    );
    const [, draft] = (await darkroom().app.status()).open;
    await darkroom().app.decide(draft?.id ?? '', draft?.revision ?? 0, { type: 'skipped', by: 1 });
    await seeCard('⏭ Skipped');
    await darkroom().app.whenIdle();
    expect(await press('📝 dunes-panorama.jpg')).toBe('It was skipped.');
  });

  it('lets a photo go to the front, one place on or back, and the next draft is of the first one', async () => {
    const { names, choose, seeNames, restart, queued, phone, seeCard } = await openQueue();
    const [a = '', b = '', c = '', ...others] = names();
    expect(others).toHaveLength(5);
    expect(await choose(3, 'To the front')).toBe('Moved.');
    await seeNames([c, a, b, ...others]);
    expect(await choose(1, 'Later')).toBe('Moved.');
    await seeNames([a, c, b, ...others]);
    await choose(3, 'Earlier');
    await seeNames([a, b, c, ...others]);
    await choose(2, 'To the front');
    await seeNames([b, a, c, ...others]);
    await restart();
    expect(await queued()).toEqual([b, a, c, ...others]);
    phone.send('/post');
    await seeCard(({ text, keyboard }) => text.includes(`📷 ${b}`) && keyboard.length > 0);
    expect(await queued()).toEqual([a, c, ...others]);
  });

  it('keeps a place whatever comes into the folder', async () => {
    const { names, choose, simulator, queued, press, see } = await openQueue();
    const before = names();
    expect(await choose(8, 'Keep its place')).toBe('It keeps its place, and so do those before it.');
    for (let index = 0; index < 12; index += 1)
      simulator.dropbox.put(`/Photos/new-${index}.jpg`, await plainJpeg(500 + index, 400));
    await see('the new ones', async () => (await queued()).length === 20);
    expect((await queued()).slice(0, 8)).toEqual(before);
    expect(await press('Shuffle again')).toBe('Shuffled.');
    await see('another order', async () => {
      const now = await queued();
      return now.length === 20 && JSON.stringify(now.slice(0, 8)) !== JSON.stringify(before);
    });
  });

  it('lets a photo be taken out, asked for by its name, and put back', async () => {
    const { names, choose, seeNames, press, queued, phone, seeCard, tap, shown, see } = await openQueue();
    const [a = '', b = '', ...others] = names();
    expect(await choose(1, 'Take it out')).toBe('Taken out. It does not come by itself any more.');
    await seeNames([b, ...others]);
    expect(shown()?.text).toContain(`1 photo that you took out: ${a}`);
    await choose(1, 'Take it out');
    await seeNames(others);
    await press('Taken out: 2');
    expect(await press(b)).toBe('It is back in the queue.');
    await see('it is back', async () => (await queued()).includes(b));
    expect(await queued()).toEqual([b, ...others]);
    phone.send(`/post ${a}`);
    await seeCard(({ text, keyboard }) => text.includes(`📷 ${a}`) && keyboard.length > 0);
    expect(await tap('Publish')).toBe('Publishing …');
    await seeCard('Archived');
  });

  it('drafts the photo that was pressed, and says what is under way', async () => {
    const { names, choose, seeCard, phone, darkroom, see } = await openQueue();
    const fourth = names()[3];
    await choose(4, 'Draft it now');
    const card = await seeCard(({ text, keyboard }) => text.includes(`📷 ${fourth}`) && keyboard.length > 0);
    await darkroom().app.whenIdle();
    phone.send('/queue');
    await see('the draft', () =>
      phone.messages().some(({ text }) => text.startsWith(`📝 Waiting for you: ${fourth}\n\nNext`)),
    );
    const post = (await darkroom().app.status()).open[0];
    const later = new Date('2026-11-23T18:30:00Z');
    await darkroom().app.schedule(post?.id ?? '', 1, later, 1);
    expect(card.text).toContain(String(fourth));
    phone.send('/queue');
    await see('when it goes out', () =>
      phone.messages().some(({ text }) => text.startsWith('⏰ ') && text.includes(`: ${fourth}\n\nNext`)),
    );
  });

  it('does nothing wrong when it is no longer what is there, and shows what is', async () => {
    const { names, press, simulator, queued, seeNames, choose, shown, phone, sheet } = await openQueue();
    const [a = '', b = '', ...others] = names();
    await press('1');
    simulator.dropbox.remove(`/Photos/${a}`);
    expect(await press('To the front')).toBe('The queue has changed since. Here it is as it is now.');
    await seeNames([b, ...others]);
    expect(await queued()).toEqual([b, ...others]);
    const old =
      shown()
        ?.keyboard.flat()
        .find(({ text }) => text === '2')?.data ?? '';
    await choose(1, 'Later');
    await seeNames([others[0] ?? '', b, ...others.slice(1)]);
    // A button of the order before, pressed on a phone that is behind.
    const { text } = await phone.tapRaw(sheet.id, old.replace('open', 'first')).answer;
    expect(text).toBe('The queue has changed since. Here it is as it is now.');
    expect(await queued()).toEqual([others[0], b, ...others.slice(1)]);
  });

  it('has pages of nine, and the numbers go on', async () => {
    const { names, press, choose, see, queued, shown } = await openQueue({ photos: 'none' }, (world) =>
      putPhotos(world, 20),
    );
    const all = await queued();
    expect(names()).toEqual(all.slice(0, 9));
    await press('▶');
    await see('the second page', () => names()[0] === all[9]);
    expect(shown()?.text).toContain(`18. ${all[17]}\n… and 2 more photos`);
    await press('▶');
    await see('the last page', () => names()[0] === all[18]);
    expect(names()).toEqual(all.slice(18));
    await choose(20, 'To the front');
    await see('the first page', () => names()[0] === all[19]);
    expect(await queued()).toEqual([all[19], ...all.slice(0, 19)]);
  });

  it('speaks German, and every frame has its number', async () => {
    const world = await openWorld();
    const { phone, see, simulator } = world;
    phone.languageCode = 'de';
    phone.send('/queue');
    const sheet = await see('the sheet', () =>
      phone.messages().find(({ text }) => text.startsWith('Als Nächstes, nach Nummern')),
    );
    expect(sheet.keyboard.flat().map(({ text }) => text)).toEqual([...'12345678', '🔀 Neu mischen']);
    phone.tap(sheet.id, '5');
    await see('its buttons', () =>
      phone.messages().some(({ keyboard }) => keyboard.flat().some(({ text }) => text === '🚫 Herausnehmen')),
    );
    const data = await sharp(simulator.telegram.photo(sheet.photo?.fileId ?? ''))
      .extract({ left: 12, top: 12, width: 40, height: 56 })
      .greyscale()
      .raw()
      .toBuffer();
    expect(data.filter((value) => value > 200).length).toBeGreaterThan(50);
  });
});
