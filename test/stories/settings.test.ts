import { describe, expect, it } from 'vitest';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { openWorld, type World } from '../world.ts';

const owner = 1;
const withoutAi = { OPENAI_API_KEY: undefined, REPLICATE_API_TOKEN: undefined };
const hour = 60 * 60_000;

async function draft({ phone, cards, see }: World) {
  const last = cards().at(-1)?.id ?? 0;
  phone.send('/post');
  return await see('a new draft', () => cards().find(({ id, keyboard }) => id > last && keyboard.length > 0));
}

describe('a change of the settings', () => {
  it('of the hashtags shows in the next draft, survives a restart and is undone', async () => {
    const world = await openWorld({ settings: withoutAi });
    const app = () => world.darkroom().app;
    expect(await app().change('hashtags', ['#sea'], owner)).toBe('changed');
    expect(await app().change('hashtags', ['#sea'], owner)).toBe('same');
    expect((await draft(world)).text).toContain('#sea');
    await world.restart({ ...withoutAi, HASHTAGS: '#other' });
    expect(app().settings().hashtags).toEqual(['#sea']);
    expect(await app().undoChange(owner)).toMatchObject({ setting: 'hashtags', to: ['#sea'] });
    expect(app().settings().hashtags).toEqual(['#other']);
    expect(await app().undoChange(owner)).toBeUndefined();
    expect(
      app()
        .changes()
        .map(({ setting, isUndo }) => [setting, isUndo]),
    ).toEqual([
      ['hashtags', undefined],
      ['hashtags', true],
    ]);
  });

  it('that is undone after another one brings back what was chosen before, one after the other', async () => {
    const { app } = (await openWorld()).darkroom();
    await app.change('vetoMinutes', 5, owner);
    await app.change('vetoMinutes', 15, owner);
    await app.undoChange(owner);
    expect(app.settings().vetoMinutes).toBe(5);
    await app.undoChange(owner);
    expect(app.settings().vetoMinutes).toBe(30);
  });

  it('of the schedule and the zone shows in the next slot, and has missed nothing', async () => {
    const { clock, darkroom, cards, told, seeCard } = await openWorld();
    const { app, schedule } = darkroom();
    await app.change('schedule', ['0 9 * * *', '30 11 * * *'], owner);
    await app.change('timeZone', 'America/New_York', owner);
    await schedule.check();
    await app.whenIdle();
    expect([cards(), told()]).toEqual([[], []]);
    const next = app.plan().nextSlot;
    expect(next?.key).toMatch(/T(09:00|11:30)\[America\/New_York\]$/);
    clock.advance((next?.at.getTime() ?? 0) - clock.now().getTime());
    await schedule.check();
    await seeCard(({ keyboard }) => keyboard.length > 0);
  });

  it('of the voice and the language is in the next request to OpenAI', async () => {
    const world = await openWorld();
    const { app } = world.darkroom();
    await app.change('voice', 'dry and short', owner);
    await app.change('captionLanguage', 'German', owner);
    await draft(world);
    const asked = world.simulator.openai.calls[0]?.body.toString();
    expect(asked).toContain('Your voice: dry and short.');
    expect(asked).toContain('this language: German.');
  });

  it('of the shape is on the next picture', async () => {
    const world = await openWorld({ photos: 'none', settings: withoutAi });
    world.simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(2400, 600));
    await world.darkroom().app.change('instagramShape', 'blurred', owner);
    const { keyboard } = await draft(world);
    expect(keyboard.flat().map(({ text }) => text)).toContain('✓ Blurred');
  });

  it('of the budget counts at the next call', async () => {
    const world = await openWorld();
    await world.darkroom().app.change('monthlyBudget', 0, owner);
    expect((await draft(world)).text).toContain('budget');
  });

  it('of the mode to asking holds what was going out by itself', async () => {
    const { simulator, darkroom, clock, seeCard } = await openWorld({ settings: { MODE: 'auto' } });
    await darkroom().app.change('mode', 'review', owner);
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    await seeCard(({ keyboard }) => keyboard.length > 0);
    await darkroom().app.whenIdle();
    expect(simulator.telegram.channelPosts()).toEqual([]);
    await darkroom().app.undoChange(owner);
    expect(darkroom().app.mode()).toBe('auto');
  });

  it('to a budget that cannot be kept is not made', async () => {
    const { darkroom } = await openWorld({
      settings: { OPENAI_MODEL: 'gpt-unknown', OPENAI_BASE_URL: undefined },
    });
    expect(await darkroom().app.change('monthlyBudget', 1, owner)).toEqual({ wrong: 'price-unknown' });
    expect(darkroom().app.changes()).toEqual([]);
  });
});
