import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { openWorld, type World } from '../world.ts';

const menu = 'Press what you want to change';

/** Waits for the newest message to say this. */
async function newest({ phone, see }: World, text: string): Promise<ChatMessage> {
  return await see(text, () => {
    const message = phone.messages().at(-1);
    return message?.from === 'bot' && message.text.includes(text) && message;
  });
}

async function say(world: World, said: string, text: string): Promise<ChatMessage> {
  world.phone.send(said);
  return await newest(world, text);
}

/** Presses a button of the newest message. */
async function press(world: World, button: string, text: string): Promise<ChatMessage> {
  const id = world.phone.messages().at(-1)?.id ?? 0;
  await world.phone.tap(id, button).answer;
  const message = await newest(world, text);
  expect(message.id).toBe(id);
  return message;
}

const labels = ({ keyboard }: ChatMessage) => keyboard.flat().map(({ text }) => text);

describe('a pause', () => {
  it('is taken back by its button, and so is its end', async () => {
    const world = await openWorld();
    const { app } = world.darkroom();
    await say(world, '/pause 5', 'Paused until Friday 27 November at 12:00.');
    await press(world, '↩ Undo', 'The next draft comes on Monday 23 November at 09:00.');
    expect(app.plan().pause).toBeUndefined();
    await say(world, '/pause 5', 'Paused until');
    await say(world, '/resume', 'The next draft comes on');
    await press(world, '↩ Undo', 'Paused until Friday 27 November at 12:00.');
    expect(app.plan().pause?.until).toBe('2026-11-27T12:00:00.000Z');
    await say(world, '/settings', menu);
    const history = await press(world, '🕘 History', 'The newest changes:');
    expect(history.text.match(/Pause → (on|over|Friday 27 November at 12:00)/g)).toHaveLength(5);
    expect(history.text.match(/\(taken back\)/g)).toHaveLength(2);
  });

  it('that comes back holds again what would have gone out by itself', async () => {
    const world = await openWorld({ settings: { MODE: 'veto' } });
    await say(world, '/pause', 'Paused.');
    await say(world, '/resume', 'The next draft comes on');
    world.clock.advance(21 * 60 * 60_000);
    await world.darkroom().schedule.check();
    await world.seeCard('unless you stop it');
    const { id } = world.phone.messages().findLast(({ text }) => text.startsWith('The next draft')) ?? {};
    await world.phone.tap(id ?? 0, '↩ Undo').answer;
    await world.seeCard((card) => card.keyboard.flat().some(({ text }) => text === '✅ Publish'));
    world.clock.advance(60 * 60_000);
    await world.darkroom().app.whenIdle();
    expect(world.simulator.telegram.channelPosts()).toEqual([]);
  });
});

describe('the settings', () => {
  it('are shown in words, with a button for each', async () => {
    const world = await openWorld();
    const message = await say(world, '/settings', menu);
    expect(message.text.split('\n').slice(2)).toEqual([
      'Mode: I ask you first',
      'Time to stop me: 30 minutes',
      'Schedule: at 09:00, every day',
      'Time zone: UTC',
      'Places: Telegram channel, Instagram, Email',
      'Shape for Instagram: white borders',
      'Hashtags: #photography #light',
      'Caption language: as the AI likes',
      'Voice of the captions: as the AI likes',
      'AI budget a month: no limit',
      'Time to take it back: none',
      'Reminder after: never',
      'Unanswered drafts: stay and wait',
      'Unanswered after: 24 hours',
      'Look-alikes apart for: 14 days',
    ]);
    expect(labels(message)).toHaveLength(16);
  });

  it.each([
    ['Time to stop me', '60 minutes', 'vetoMinutes', 60],
    ['Time to take it back', '30 seconds', 'undoSeconds', 30],
    ['Time to take it back', '5 seconds', 'undoSeconds', 5],
    ['Reminder after', '12 hours', 'reminderHours', 12],
    ['Unanswered drafts', 'go out', 'unanswered', 'publish'],
    ['Unanswered after', '48 hours', 'unansweredHours', 48],
    ['Shape for Instagram', 'blurred borders', 'instagramShape', 'blurred'],
    ['Look-alikes apart for', '30 days', 'lookAlikeDays', 30],
  ] as const)('%s is chosen by a button and taken back', async (name, choice, setting, value) => {
    const world = await openWorld();
    const settings = () => world.darkroom().app.settings();
    const before = settings()[setting];
    await say(world, '/settings', menu);
    await press(world, name, 'What should it be?');
    await press(world, choice, `✓ ${name}, from now on: ${choice}.`);
    expect(settings()[setting]).toBe(value);
    await press(world, '↩ Undo', `↩ ${name} is as before`);
    expect(settings()[setting]).toBe(before);
    await press(world, '⚙️ All settings', menu);
  });

  it.each([
    [
      'Schedule',
      'whenever',
      'I did not understand these times',
      'weekdays at 9 and 18:30',
      'schedule',
      ['0 9 * * 1-5', '30 18 * * 1-5'],
    ],
    [
      'Time zone',
      'Mars/Olympus',
      'I do not know this time zone',
      'Europe/Berlin',
      'timeZone',
      'Europe/Berlin',
    ],
    ['Hashtags', '#a!b', 'I cannot use that', 'sea, #light', 'hashtags', ['#sea', '#light']],
    ['Hashtags', '?', 'I cannot use that', '-', 'hashtags', []],
    ['Caption language', 'x'.repeat(101), 'I cannot use that', 'German', 'captionLanguage', 'German'],
    [
      'Voice of the captions',
      'x'.repeat(501),
      'I cannot use that',
      'dry and short',
      'voice',
      'dry and short',
    ],
    ['AI budget a month', 'a lot', 'I cannot use that', '2,50 $', 'monthlyBudget', 2.5],
  ] as const)('%s is asked for: not %s', async (name, bad, wrong, good, setting, value) => {
    const world = await openWorld();
    const settings = () => world.darkroom().app.settings();
    const before = settings()[setting];
    await say(world, '/settings', menu);
    await press(world, name, '/cancel leaves');
    await say(world, bad, wrong);
    expect(settings()[setting]).toEqual(before);
    await say(world, good, `✓ ${name}, from now on:`);
    expect(settings()[setting]).toEqual(value);
    await press(world, '↩ Undo', `↩ ${name} is as before`);
    expect(settings()[setting]).toEqual(before);
  });

  it('have a mode whose buttons say what the owner wants, as those of /auto do', async () => {
    const world = await openWorld();
    await say(world, '/settings', menu);
    const asked = await press(world, 'Mode', 'What should it be?');
    expect(labels(asked)).toEqual([
      '✓ Ask me first',
      'Publish without asking',
      'Publish unless I stop it',
      '⚙️ All settings',
    ]);
    await press(
      world,
      'Publish unless I stop it',
      '✓ Mode, from now on: I publish by myself unless you stop me.',
    );
    await press(world, '↩ Undo', '↩ Mode is as before: I ask you first.');
  });

  it('say what they are where another value is asked for', async () => {
    const world = await openWorld();
    await say(world, '/settings', menu);
    await press(world, 'Hashtags', 'Hashtags: #photography #light.\n\nWhich hashtags');
  });

  it('asked for stay as they are after /cancel', async () => {
    const world = await openWorld();
    await say(world, '/settings', menu);
    await press(world, 'Voice of the captions', '/cancel');
    await say(world, '/cancel', 'the setting stays as it is');
    await say(world, 'dry', 'I did not understand that.');
    expect(world.darkroom().app.settings().voice).toBe('');
  });

  it('turn places off and on, but not the last one', async () => {
    const world = await openWorld();
    const { app } = world.darkroom();
    await say(world, '/settings', menu);
    for (const place of ['Instagram', 'Email']) {
      await press(world, 'Places', 'Press a place');
      await press(world, `✓ ${place}`, 'from now on');
      await press(world, '⚙️ All settings', menu);
    }
    const { id } = await press(world, 'Places', 'Press a place');
    const { text } = await world.phone.tap(id, '✓ Telegram channel').answer;
    expect(text).toBe('At least one place has to stay on. Nothing has changed.');
    expect(app.settings().platformsOff).toEqual(['instagram', 'email']);
    await press(world, '✗ Email', 'Telegram channel, Email.');
  });

  it('have a history with names, and an old button takes back no newer change', async () => {
    const world = await openWorld();
    const { id } = await say(world, '/settings', menu);
    await press(world, 'Mode', 'What should it be?');
    await press(world, 'Publish without asking', 'from now on');
    world.clock.advance(60_000);
    await say(world, '/schedule sundays at 8', 'from now on');
    const { text } = await world.phone.tap(id, '↩ Undo').answer;
    expect(text).toBe('There are newer changes by now. History shows them.');
    expect(world.darkroom().app.mode()).toBe('auto');
    await press(world, '⚙️ All settings', menu);
    const lines = (await press(world, '🕘 History', 'The newest changes:')).text.split('\n');
    expect(lines.slice(1).map((line) => line.replace(/^.*?\d\d:\d\d, /, ''))).toEqual([
      expect.stringMatching(/^\w+: Schedule → at 08:00, only on Sunday$/),
      expect.stringMatching(/^\w+: Mode → I publish by myself$/),
    ]);
    expect(lines.join()).not.toContain('somebody');
  });

  it('speak German', async () => {
    const world = await openWorld();
    world.phone.languageCode = 'de';
    await say(world, '/settings', 'Zeitplan: um 09:00');
    await press(world, 'Modus', 'Was soll gelten?');
    await press(world, 'Ohne Nachfrage veröffentlichen', '✓ Modus, ab jetzt');
    await say(world, '/schedule werktags um 9 und 18:30', '✓ Zeitplan, ab jetzt: um 09:00');
    await press(world, '↩ Rückgängig', '↩ Zeitplan wie vorher: um 09:00');
    await press(world, '⚙️ Alle Einstellungen', 'Modus: ich veröffentliche von selbst');
  });
});

describe('the schedule', () => {
  it('is shown with its next dates, and changed in words', async () => {
    const world = await openWorld();
    const shown = await say(world, '/schedule', 'The next drafts');
    expect(shown.text).toBe(
      'Schedule: at 09:00, every day\nThe next drafts: Monday 23 November at 09:00; Tuesday 24 November at 09:00\nTo change it: /schedule weekdays at 9 and 18:30',
    );
    await say(world, '/schedule now and then', 'I did not understand these times, so nothing has changed.');
    await say(
      world,
      '/schedule weekdays at 9 and 18:30',
      'Monday 23 November at 09:00; Monday 23 November at 18:30',
    );
    expect(world.darkroom().app.settings().schedule).toEqual(['0 9 * * 1-5', '30 18 * * 1-5']);
  });
});

describe('the mode', () => {
  it('has a third one: publishing unless it is stopped', async () => {
    const world = await openWorld();
    const message = await say(world, '/auto', 'I show you each draft');
    expect(labels(message)).toEqual(['Publish without asking', 'Publish unless I stop it']);
    await press(world, 'Publish unless I stop it', 'and you have 30 minutes to stop me');
    await press(world, '↩ Undo', '↩ Mode is as before: I ask you first.');
    await say(world, '/auto on', 'From now on I publish by myself.');
    await press(world, '↩ Undo', '↩ Mode is as before: I ask you first.');
    await say(world, '/auto veto', 'and you have 30 minutes to stop me');
    await say(world, '/auto', 'publish it 30 minutes later unless you stop me');
    await say(world, '/auto off', 'From now on I ask you first.');
    await say(world, '/auto veto', 'you have 30 minutes');
    expect(world.darkroom().app.mode()).toBe('veto');
  });
});
