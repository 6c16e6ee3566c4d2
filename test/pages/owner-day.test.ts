import { expect, it } from 'vitest';
import { wordsFor } from '#bot/words/words.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { closeBrowserAfterwards, describeInBrowser } from './browser.ts';
import { forgottenButtons, forgottenCommands, openWalk, startWalking, type Walk } from './walk.ts';

closeBrowserAfterwards();

// The clock of a world begins at noon on Sunday, 22 November 2026.
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** They are long, and a machine that is busy is no reason to fail. */
const patience = 600_000;

const walked = startWalking();
const words = wordsFor('en');

/** Does something that changes the queue, and waits for the message with the new one: the short answer comes before it. */
async function seeAnotherOrder(walk: Walk, act: () => Promise<void>): Promise<void> {
  // What a number carries tells of the whole order.
  const order = () =>
    walk.phone
      .messages()
      .flatMap(({ keyboard }) => keyboard.flat())
      .findLast(({ text }) => text === '1')?.data;
  const before = order();
  await act();
  await walk.see('another order', () => order() !== undefined && order() !== before);
}

/** Waits until there is another caption, and nothing under way. */
async function seeAnother({ simulator, see, darkroom }: Walk, press: () => Promise<void>): Promise<void> {
  const before = simulator.openai.calls.length;
  await press();
  await see('another caption', () => simulator.openai.calls.length > before);
  await darkroom().app.whenIdle();
}

const sent = ({ simulator: { telegram, instagram, smtp } }: Walk) => [
  telegram.channelPosts().length,
  instagram.posts().length,
  smtp.mails().length,
];

describeInBrowser('an owner, on the page', { timeout: patience }, () => {
  it('makes one photo into a post with every button of its card, and takes it down again', async () => {
    const walk = await openWalk(walked);
    const { say, press, reads, hears, looks, looksAtAll, card, page, simulator, clock, place } = walk;
    await say('/help');
    await reads('Once a day I show you a draft');
    await looks('50-help');
    await say('/cancel');
    await reads('There is nothing to cancel.');
    await say('/history');
    await reads('Nothing is published yet.');
    await say('/status');
    await reads('All services answer.');
    await looks('51-status');
    await page.getByRole('button', { name: 'Menu' }).click();
    await looks('52-commands', 'and is open to all');
    await page.keyboard.press('Escape');

    await say('/settings');
    await press('Time to take it back');
    await press('60 seconds');
    await reads('✓ Time to take it back, from now on: 60 seconds.');
    await say('/post harbour-at-dusk');
    await reads('Telegram channel: as shown');
    await looks('53-draft');
    await seeAnother(walk, () => press('🔄 Regenerate'));
    await hears('Writing another caption …');
    await reads('caption 2/2');
    await press('◀');
    await hears('This text counts now.');
    await reads('caption 1/2');
    await press('▶');
    await reads('caption 2/2');
    await press('2/2');
    await press('🎨 Style');
    await looks('54-style');
    for (const style of Object.values(words.menu.styles)) {
      await seeAnother(walk, () => press(style));
      await press('🎨 Style');
    }
    await press('✍️ Say how');
    await reads('How should the next caption');
    await seeAnother(walk, () => say('like a sailor'));
    await reads('as you say: “like a sailor”');

    await press('✏️ Edit');
    await reads('Send me the caption for harbour-at-dusk.jpg');
    await reads('for you to copy');
    await looks('55-edit');
    await say('**Harbour** at __dusk__, ~~noon~~, ||a secret||, `f/8`\n\n[My page](https://example.com/me)');
    await reads('Harbour');
    for (const [tag, text] of [
      ['b', 'Harbour'],
      ['i', 'dusk'],
      ['s', 'noon'],
      ['.spoiler', 'a secret'],
      ['code', 'f/8'],
      ['.link', 'My page'],
    ] as const) {
      await card.locator('.text').locator(tag).getByText(text, { exact: true }).waitFor();
    }
    await reads('Instagram: without formatting');
    await looks('56-formatted', 'and is open to all');
    await card.hover();
    await card.getByRole('button', { name: 'Reply to this message' }).click();
    simulator.openai.sayNext('Gulls over the harbour.');
    await seeAnother(walk, () => say('mention the gulls'));
    await reads('Gulls over the harbour.');
    await press('◀');
    await reads('Harbour at dusk');

    await press('📣 Where');
    await looks('57-where');
    for (const name of ['Telegram channel', 'Instagram', 'Email']) {
      await press(`✓ ${name}`);
      await reads(`${name}: not this time`);
    }
    await reads('It goes nowhere now');
    await looks('58-nowhere');
    for (const name of ['Telegram channel', 'Instagram', 'Email']) {
      await press(`✗ ${name}`);
      await walk.seeCard(({ text, keyboard }) => !text.includes(`${name}: not`) && keyboard.length > 0);
    }
    await press('‹ Back');

    await press('⋯ More');
    await looks('59-more');
    await press('✗ Full-size file: Telegram channel');
    await hears('Making the file …');
    await reads('then a full-size file');
    await press('📝 Alt text');
    await reads('what somebody who cannot see the picture should know');
    await say('Two boats at a pier.');
    await reads('Alt text: Two boats at a pier.');
    await press('👁 Preview');
    await reads('👁 Email gets this');
    await looks('60-preview', 'and is open to all');
    await press('✓ Full-size file: Telegram channel');
    await walk.seeCard(({ text }) => text.includes('📷') && !text.includes('full-size file'));
    await press('🚫 Never show again');
    await hears('Never show this photo again?');
    await looks('61-never');
    await press('‹ Back');
    await walk.seeCard(({ keyboard }) => keyboard.flat().some(({ text }) => text === '👁 Preview'));
    await press('‹ Back');

    await press('🕒 Later');
    await looks('62-later');
    await press('⌨️ Other time');
    await reads('When should harbour-at-dusk.jpg go out?');
    await say('banana');
    await reads('I do not understand that time.');
    await say('friday at 18:30');
    await reads('Should it go out on Friday 27 November at 18:30?');
    await looks('63-time-shown-back');
    await press('Yes, Friday 27 November at 18:30');
    await hears('All right, it goes out then.');
    await reads('Goes out on Friday 27 November at 18:30');
    await looks('64-scheduled');
    for (const other of [/^In 1 hour/, /^Tonight/, /^Tomorrow/]) {
      await press('🕒 Move');
      await press(other);
      await walk.darkroom().app.whenIdle();
    }
    await reads('Goes out on Monday 23 November at 09:00');
    await say('/status');
    await reads('Going out later: 1 post. /queue shows when.');
    await press('⏹ Stop, back to the draft');
    await hears('Stopped. Nothing has gone out.');

    await press('✅ Publish');
    await hears('It goes out in a moment. Undo stops it.');
    await reads('Goes out at 12:01.');
    await looks('65-undo');
    await press('↩ Undo');
    await press('✅ Publish');
    await reads('Goes out at 12:01.');
    expect(sent(walk)).toEqual([0, 0, 0]);
    clock.advance(minuteMs);
    await reads('Archived: /Photos/archive/harbour-at-dusk.jpg');
    await looks('66-published');
    expect(sent(walk)).toEqual([1, 1, 1]);
    const [post] = simulator.telegram.channelPosts();
    expect(post?.text).toBe('Harbour at dusk, noon, a secret, f/8\n\nMy page');
    expect(post?.entities.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['bold', 'italic', 'strikethrough', 'spoiler', 'code', 'text_link']),
    );
    expect(simulator.instagram.posts()[0]).toMatchObject({ altText: 'Two boats at a pier.' });
    await looksAtAll('67-published-everywhere');
    await press('Open in Telegram channel');
    await place('Darkroom Demo').locator('b').getByText('Harbour').waitFor();
    await looks('68-channel');
    await page.getByRole('tab', { name: /^Phone/ }).click();

    simulator.telegram.setReactions(post?.id ?? 0, { '👍': 3 });
    await walk.see('that it was heard', () => simulator.telegram.updates.pending === 0);
    await say('/stats');
    await reads('What people liked most:');
    await looks('69-stats');
    await say('/history');
    await reads('Your posts, the newest first');
    await looks('70-history', 'and is open to all');
    await press('1');
    await press('🗑 Take down');
    await reads('Take harbour-at-dusk.jpg down everywhere?');
    await press('No, keep it');
    await reads('All right, it stays.');
    await press('🗑 Take down');
    await looks('71-take-down');
    await press('Yes, take it down');
    await reads('Email: still there.');
    await reads('Taken down. The photo is back');
    await looks('72-taken-down');
    expect(sent(walk)).toEqual([0, 0, 1]);
  });

  it('fills the folder from the phone, and puts the queue in order', async () => {
    const walk = await openWalk(walked, { settings: { LOOKALIKE_DAYS: '0' } });
    const { say, press, reads, hears, looks, page, darkroom, simulator } = walk;
    const picker = page.getByLabel('Send pictures or files');
    const dialog = page.getByRole('dialog');
    const picture = async (width: number) => ({
      name: `shot-${width}.jpg`,
      mimeType: 'image/jpeg',
      buffer: await plainJpeg(width, 600),
    });
    await picker.setInputFiles(await picture(700));
    await dialog.getByRole('button', { name: 'Send' }).click();
    await reads('Its draft comes at once.');
    await dialog.waitFor({ state: 'detached' });
    await press('⏭ Skip');
    await hears('Skipped.');
    await reads('Skipped. The photo comes up again in about a month.');
    await picker.setInputFiles(await Promise.all([801, 802, 803].map(picture)));
    await dialog.getByText('Send 3 pictures').waitFor();
    await dialog.getByLabel('Send as files').check();
    await looks('73-send-several');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await reads('3 photos are in your Dropbox folder now: shot-801.jpg, shot-802.jpg, shot-803.jpg.');
    await looks('74-sent-several');
    await press('⏭ Skip');
    await darkroom().app.whenIdle();
    const files = simulator.dropbox.files().map(({ path }) => path);
    expect(files).toEqual(expect.arrayContaining(['/Photos/shot-801.jpg', '/Photos/shot-803.jpg']));

    const names = async () => (await darkroom().app.queue(9)).next.map(({ name }) => name);
    const first = async () => (await names())[0] ?? '';
    await say('/queue');
    await reads('Next, by their numbers:');
    await looks('75-queue');
    await press('▶');
    await reads('10. ');
    await press('◀');
    await reads('1. shot-802.jpg');
    for (const move of [/^⏫/, /^Later ▶/, /^◀ Earlier/]) {
      await press('3');
      await seeAnotherOrder(walk, () => press(move));
      await hears('Moved.');
    }
    await press('3');
    await press(/^📌/);
    await hears('It keeps its place, and so do those before it.');
    await press('1');
    await looks('76-queue-photo', 'and is open to all');
    const taken = await first();
    await press('🚫 Take it out');
    await hears('Taken out. It does not come by itself any more.');
    await reads(`1 photo that you took out: ${taken}`);
    await press('🗂 Taken out: 1');
    await looks('77-taken-out');
    await press('‹ Back');
    await press('🗂 Taken out: 1');
    await seeAnotherOrder(walk, () => press(`↩ ${taken}`));
    await hears('It is back in the queue.');
    expect(await first()).toBe(taken);
    await seeAnotherOrder(walk, () => press('🔀 Shuffle again'));
    await hears('Shuffled.');
    // The wide photo is left for later, wherever the shuffle has put it.
    const wide = 'dunes-panorama.jpg';
    const shuffled = await names();
    const index = shuffled[0] === wide ? 1 : 0;
    const drafted = shuffled[index] ?? '';
    await reads(`${index + 1}. ${drafted}`);
    await press(String(index + 1));
    await press('📝 Draft it now');
    await reads(`📷 ${drafted}`);
    await press('🕒 Later');
    await press(/^In 1 hour/);
    await reads('Goes out on Sunday');
    await say(`/post ${wide}`);
    await reads(`📷 ${wide}`);
    await darkroom().app.whenIdle();
    await say('/queue');
    await reads(`📝 Waiting for you: ${wide}`);
    await looks('78-queue-under-way');
    await press(`⏰ ${drafted}`);
    await reads('This card has moved to the end of the chat');
    await press('✅ Publish now');
    await reads('Archived:');
    await say('/queue');
    await press(`📝 ${wide}`);
    await walk.see(
      'both cards moved',
      () => walk.cards().filter(({ text }) => text.startsWith('This card has')).length === 2,
    );
    await press('Black');
    await hears('Changed. More › Preview shows you the picture.');
    await reads('with black borders');
    await press('Blurred');
    await reads('with blurred borders');
    await press('Crop');
    await reads('% cut off');
    await press('White');
    await reads('with white borders');
    await looks('79-shape');
    await press('⋯ More');
    await press('🚫 Never show again');
    await press('🚫 Yes, never again');
    await hears('It does not come again.');
    await reads('It does not come again by itself.');
    expect(sent(walk)).toEqual([1, 1, 1]);
  });

  it('changes every setting, and takes it back', async () => {
    const walk = await openWalk(walked);
    const { say, press, reads, hears, looks, darkroom } = walk;
    const settings = () => darkroom().app.settings();
    await say('/settings');
    await reads('Press what you want to change.');
    await looks('80-settings', 'and is open to all');
    const chosen = [
      ['Mode', 'Publish unless I stop it'],
      ['Time to stop me', '60 minutes'],
      ['Places', '✓ Email'],
      ['Shape for Instagram', 'blurred borders'],
      ['Time to take it back', '30 seconds'],
      ['Reminder after', '3 hours'],
      ['Unanswered drafts', 'go out'],
      ['Unanswered after', '48 hours'],
      ['Look-alikes apart for', '30 days'],
    ] as const;
    const written = [
      ['Schedule', 'weekdays at 9 and 18:30'],
      ['Time zone', 'Europe/Berlin'],
      ['Hashtags', 'sea, light'],
      ['Caption language', 'German'],
      ['Voice of the captions', 'dry and short'],
      ['AI budget a month', '5'],
    ] as const;
    const { pause: _, ...names } = words.settings.names;
    expect([...chosen, ...written].map(([name]) => name).sort()).toEqual(Object.values(names).sort());
    for (const [name, choice] of chosen) {
      await press(name);
      if (name === 'Mode') await looks('81-mode');
      await press(choice);
      await reads(`✓ ${name}, from now on:`);
      await press('⚙️ All settings');
    }
    for (const [name, answer] of written) {
      await say('/settings');
      await press(name);
      await reads('/cancel leaves');
      if (name === 'Hashtags') await looks('82-hashtags');
      await say(answer);
      await reads(`✓ ${name}, from now on:`);
    }
    await looks('83-changed');
    await press('↩ Undo');
    await reads('↩ AI budget a month is as before: no limit.');
    await press('⚙️ All settings');
    await press('🕘 History');
    await reads('The newest changes:');
    await looks('84-changes');
    expect(settings()).toMatchObject({ mode: 'veto', hashtags: ['#sea', '#light'], monthlyBudget: null });

    await say('/schedule');
    await reads('The next drafts: Monday');
    await say('/schedule saturdays at 10');
    await reads('✓ Schedule, from now on: at 10:00, only on Saturday');
    await looks('85-schedule');
    await press('↩ Undo');
    await say('/pause 5');
    await reads('Paused until Friday 27 November');
    await looks('86-pause');
    await press('↩ Undo');
    await reads('The next draft comes on Monday');
    await say('/pause');
    await reads('Paused. No drafts come');
    await say('/resume');
    await reads('The next draft comes on Monday');
    await say('/retry');
    await reads('Nothing has failed');
    await say('/auto');
    await looks('87-auto');
    await press('Publish without asking');
    await reads('From now on I publish by myself.');
    await press('↩ Undo');
    await reads('↩ Mode is as before: I publish by myself unless you stop me.');
    await say('/auto');
    await press('Ask me first');
    await hears('From now on I ask you first.');
    await say('/auto');
    await press('Publish unless I stop it');
    await reads('and you have 60 minutes to stop me.');
    walk.clock.advance(20 * hourMs);
    await darkroom().schedule.check();
    await reads('unless you stop it.');
    await looks('88-veto');
    await press('⏹ Stop, back to the draft');
    await hears('Stopped. Nothing has gone out.');
    await darkroom().app.whenIdle();
    walk.clock.advance(3 * hourMs);
    await reads('This draft still waits for you.');
    await looks('89-reminder');
  });

  it('gets through what goes wrong, and decides with another owner', async () => {
    const walk = await openWalk(walked);
    const { say, press, reads, hears, looks, simulator, clock, phone, darkroom } = walk;
    simulator.instagram.setCondition('two-factor');
    await say('/post harbour-at-dusk');
    await press('✏️ Edit');
    await say(`${'A long story of a harbour. '.repeat(45)}The end.`);
    await press('📄 Whole text');
    await walk.see('the whole text', () => walk.told().some((text) => text.endsWith('The end.')));
    await looks('90-long-text', 'and is open to all');
    await press('✅ Publish');
    await reads('It wants a code before it lets me in');
    await looks('91-code-wanted');
    await press('🔢 Enter the code');
    await reads('Please send me the six digits');
    await say('654 321');
    await reads('this is not the code');
    await say('123 456');
    await reads('Instagram has let me in');
    await reads('✅ Instagram: published');
    expect(sent(walk)).toEqual([1, 1, 1]);

    for (const answer of ['not there, send again', 'I don’t know, leave it', 'it is there']) {
      const lost = {
        service: 'smtp',
        operation: 'data',
        fault: { kind: 'drop', afterWork: true },
        times: 1,
      } as const;
      simulator.faults.add(lost);
      await say('/post');
      await press('✅ Publish');
      await reads('❓ Email');
      await darkroom().app.whenIdle();
      if (answer === 'it is there') await looks('92-uncertain');
      clock.advance(3 * minuteMs);
      await press(`Email: ${answer}`);
      await darkroom().app.whenIdle();
    }
    simulator.instagram.setCondition('checkpoint');
    await say('/post');
    await press('✅ Publish');
    await reads('❌ Instagram: not published');
    await looks('93-failed');
    await say('/retry');
    await reads('🔁 I try again: Instagram.');
    await darkroom().app.whenIdle();
    await press('🔁 Try Instagram again');
    await hears('Trying again …');
    await darkroom().app.whenIdle();
    await press('Leave Instagram out');
    await reads('➖ Instagram: left out');

    await walk.restart({ TELEGRAM_OWNER_ID: `${phone.userId}, 7000` });
    const ben = simulator.telegram.phone(7000);
    ben.send('/start');
    await say('/post');
    const card = await walk.see('the card of the other', () =>
      ben.messages().findLast(({ keyboard }) => keyboard.flat().some(({ text }) => text === '⏭ Skip')),
    );
    ben.tap(card.id, '⏭ Skip');
    await reads('👤 Skipped by');
    await looks('94-two-owners');
  });

  it('reads the same in German', async () => {
    const walk = await openWalk(startWalking());
    const { say, press, reads, looks, phone } = walk;
    const { menu, buttons, queueButtons, takeDown, settings } = wordsFor('de');
    phone.languageCode = 'de';
    await say('/help');
    await reads('Einmal am Tag zeige ich dir');
    await looks('95-de-help');
    await say('/post dunes-panorama');
    await reads('Telegram-Kanal: wie gezeigt');
    await seeAnother(walk, () => press(buttons.regenerate));
    await reads('Text 2/2');
    await looks('96-de-draft');
    for (const [name, button] of [
      ['where', menu.where],
      ['style', menu.style],
      ['more', menu.more],
    ] as const) {
      await press(button);
      await looks(`97-de-${name}`);
      await press(menu.back);
    }
    await press(menu.later);
    await looks('98-de-later');
    await press(menu.otherTime);
    await say('freitag um 18:30');
    await reads('Soll es dann rausgehen: Freitag, 27. November um 18:30?');
    await looks('99-de-time');
    await press(/^Ja, Freitag/);
    await reads('Geht raus: Freitag, 27. November um 18:30.');
    await looks('100-de-scheduled');
    await say('/queue');
    await reads('Als Nächstes, nach Nummern:');
    await press('1');
    await reads('Was soll ich damit machen?');
    await looks('101-de-queue');
    await press(queueButtons.back);
    await press(buttons.publishNow);
    await reads('Archiviert:');
    await looks('102-de-published');
    await say('/history');
    await press('1');
    await press(buttons.takeDown);
    await reads('überall zurückziehen?');
    await looks('103-de-take-down');
    await press(takeDown.yes);
    await reads('Zurückgezogen. Das Foto ist wieder da');
    await looks('104-de-taken-down');
    await say('/stats');
    await reads('Deine Beiträge:');
    await say('/status');
    await reads('Alle Dienste antworten.');
    await looks('105-de-status');
    await say('/settings');
    await reads(settings.intro);
    await looks('106-de-settings');
    await press(settings.names.mode);
    await press(buttons.turnVetoOn);
    await reads('✓ Modus, ab jetzt:');
    await say('/settings');
    await press(settings.names.hashtags);
    await reads('Welche Hashtags sollen');
    await say('/cancel');
    await reads(settings.cancelled);
    await say('/settings');
    await press(buttons.history);
    await reads(settings.history);
    await looks('107-de-changes');
    await say('/auto');
    await say('/pause 5');
    await reads('Pause bis Freitag');
    await looks('108-de-pause');
  });
});

describeInBrowser('of all that there is', () => {
  it('no command and no button was forgotten', () => {
    expect(forgottenCommands(walked)).toEqual([]);
    expect(forgottenButtons(walked)).toEqual([]);
  });
});
