import { expect, it } from 'vitest';
import { findBarriers } from './barriers.ts';
import { closeBrowserAfterwards, describeInBrowser, shoot } from './browser.ts';
import { openPageWorld } from './page-world.ts';

closeBrowserAfterwards();

describeInBrowser('the story, by clicking', () => {
  it('leads from the first draft over regenerate and edit to all four places', async () => {
    const { page, card, place, press, write, hears, darkroom, simulator } = await openPageWorld();
    const guide = page.getByRole('region', { name: 'What to do' });
    await guide.getByText('A draft is on its way').waitFor();

    await darkroom().app.requestDraft();
    await guide.getByText('Press “✅ Publish”').waitFor();
    await card.getByText('📷').waitFor();
    await shoot(page, '1-draft');
    expect(await findBarriers(page)).toEqual([]);
    const first = await card.locator('.text').innerText();

    await press('Regenerate');
    await hears('Writing another caption …');
    await card.getByText('caption 2').waitFor();
    expect(await card.locator('.text').innerText()).not.toBe(first);

    await press('Edit');
    await page.getByRole('log').getByText('Send me the caption').waitFor();
    await write('Mine, with <b>no</b> tags & an emoji 🌅\n\nSecond line');
    await card.getByText('Mine, with <b>no</b> tags').waitFor();

    await press('Publish');
    await hears('Publishing …');
    await guide.getByText('That was all the work there is').waitFor();
    await card.getByText('Archived').waitFor();

    const caption = 'Mine, with <b>no</b> tags & an emoji 🌅';
    await place('Darkroom Demo').getByText(caption).waitFor();
    await place('darkroom.demo').getByText(caption).waitFor();
    await place('Mailbox').getByRole('heading', { name: caption }).waitFor();
    const mail = place('Mailbox').frameLocator('iframe');
    await mail.getByText('Second line').waitFor();
    const inMail = mail.getByRole('img');
    await inMail.waitFor();
    expect(
      await inMail.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(simulator.telegram.channelPosts()[0]?.photo?.width);
    await place('Dropbox').getByRole('region', { name: '/Photos/archive' }).getByRole('listitem').waitFor();
    expect(simulator.telegram.channelPosts()).toHaveLength(1);
    await shoot(page, '2-published');
    expect(await findBarriers(page)).toEqual([]);

    // A link on the card leads to the post on this page, and nowhere else.
    await press('Open in Instagram');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toMatch(/^instagram-/);

    await page.getByRole('button', { name: 'Use my own accounts' }).click();
    await page
      .getByRole('dialog', { name: 'With your own accounts' })
      .getByText('npm run connect-dropbox')
      .waitFor();
    await shoot(page, '3-go-live');
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('shows a failing Instagram, and its retry', async () => {
    const { page, card, place, press, write } = await openPageWorld();
    await write('/post');
    await card.getByRole('button', { name: 'Publish' }).waitFor();
    await page.getByRole('button', { name: 'Switches' }).click();
    const instagram = page.getByRole('group', { name: 'Instagram' });
    await instagram
      .getByLabel('Trouble with')
      .selectOption({ label: 'Wants to know that it is you (checkpoint)' });
    await press('Publish');
    await card.getByText('❌ Instagram: not published').waitFor();
    await page.getByText('Not everything went well').waitFor();
    await place('Darkroom Demo').locator('.message').waitFor();
    await shoot(page, '4-instagram-fails');
    expect(await findBarriers(page)).toEqual([]);
    expect(await place('darkroom.demo').locator('.post').count()).toBe(0);

    await page
      .getByRole('region', { name: 'What to do' })
      .getByRole('button', { name: 'Let everything work again' })
      .click();
    await press('Try Instagram again');
    await card.getByText('✅ Instagram: published').waitFor();
    await place('darkroom.demo').locator('.post').waitFor();
    expect(await place('darkroom.demo').locator('.post').count()).toBe(1);
    expect(await place('Darkroom Demo').locator('.message').count()).toBe(1);
  });

  it('shows an uncertain send, which is asked about and not repeated', async () => {
    const { page, card, place, press, write, clock } = await openPageWorld();
    await write('/post');
    await card.getByRole('button', { name: 'Publish' }).waitFor();
    await page.getByRole('button', { name: 'Switches' }).click();
    const mailServer = page.getByRole('group', { name: 'Mail server' });
    await mailServer
      .getByLabel('Trouble with')
      .selectOption({ label: 'Takes the mail, then the connection is lost' });
    expect(await mailServer.getByLabel('Only the next time').isChecked()).toBe(true);
    await press('Publish');
    await card.getByText('❓ Email').waitFor();
    // It has struck once, so the switch is off by itself.
    await expect.poll(() => mailServer.getByLabel('Trouble with').inputValue()).toBe('');
    await shoot(page, '5-uncertain');
    await page.getByRole('button', { name: 'Close the switches' }).click();
    await place('Mailbox').getByRole('article').waitFor();
    clock.advance(3 * 60_000);
    await press('Email: it is there');
    await card.getByText('✅ Email: published, as you saw').waitFor();
    await card.getByText('Archived').waitFor();
  });

  it('stops and starts, and the old draft goes on', async () => {
    const { page, card, press, write } = await openPageWorld();
    await write('/post');
    await card.getByRole('button', { name: 'Publish' }).waitFor();
    await page.getByRole('button', { name: 'Switches' }).click();
    await page.getByRole('button', { name: 'Pull the plug' }).click();
    await page.getByText('Darkroom is off, as after a power cut.').waitFor();
    await shoot(page, '6-off');
    expect(await findBarriers(page)).toEqual([]);
    await page
      .getByRole('region', { name: 'What to do' })
      .getByRole('button', { name: 'Switch it on' })
      .click();
    await page.getByRole('status').getByText('running').waitFor();
    await press('Publish');
    await card.getByText('Archived').waitFor();
  });

  it('goes on leading after the first post: the next draft, a skip, a failure on purpose', async () => {
    const { page, card, press } = await openPageWorld();
    const guide = page.getByRole('region', { name: 'What to do' });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: '/post' }).click();
    await press('Publish');
    await guide.getByText('That was all the work there is').waitFor();
    await guide.getByRole('button', { name: 'Another photo: /post' }).click();
    await guide.getByText('A draft is on the phone. Press “✅ Publish”.').waitFor();
    await press('Skip');
    await guide.getByText('Darkroom is on it.').waitFor();
    await guide.getByRole('button', { name: 'Another photo: /post' }).click();
    await press('Edit');
    await guide.getByText('Read the newest message on the phone.').waitFor();
    await page.getByRole('textbox', { name: 'Message' }).fill('/cancel');
    await page.keyboard.press('Enter');
    await press('Publish');
    await guide.getByText('That was all the work there is').waitFor();
    await guide.getByRole('button', { name: 'Let Instagram fail' }).click();
    await guide.getByText('Switched on: Instagram: wants to know that it is you').waitFor();
    await press('Publish');
    await guide.getByText('Not everything went well').waitFor();
    await shoot(page, '14-led-to-a-failure');
    await guide.getByRole('button', { name: 'Let everything work again' }).click();
    await press('Try Instagram again');
    await card.getByText('✅ Instagram: published').waitFor();
    await guide.getByText('That was all the work there is').waitFor();
  });

  it('sends a picture by picking and by dropping it, and a file', async () => {
    const { page, simulator } = await openPageWorld();
    const bytes = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    await page
      .getByLabel('Send pictures or files')
      .setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: bytes });
    const dialog = page.getByRole('dialog', { name: 'Send a picture' });
    await dialog.getByRole('img').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByLabel('Caption').fill('Look');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('log').getByText('is in your Dropbox folder now').waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(simulator.telegram.phone().messages()[0]).toMatchObject({ text: 'Look', photo: { width: 1 } });

    const dropped = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['one line'], 'notes.txt', { type: 'text/plain' }));
      return transfer;
    })()`);
    await page.locator('.phone > .phone').dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByRole('dialog', { name: 'Send a file' }).getByRole('button', { name: 'Send' }).click();
    await page.getByRole('log').getByRole('link', { name: 'notes.txt' }).waitFor();
    const sent = simulator.telegram.phone().messages();
    expect(sent.findLast(({ document }) => document !== undefined)?.document).toMatchObject({
      name: 'notes.txt',
      bytes: 8,
    });
  });

  it('puts photos into Dropbox and takes them out', async () => {
    const { page, place } = await openPageWorld({ photos: 'none' });
    const dropbox = place('Dropbox');
    await dropbox.getByText('No files.').waitFor();
    await dropbox
      .getByLabel('Add photos')
      .setInputFiles({ name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
    await dropbox.getByText('broken.jpg').waitFor();
    await dropbox.getByRole('listitem').hover();
    await dropbox.getByRole('button', { name: 'Delete broken.jpg from Dropbox' }).click();
    await dropbox.getByText('No files.').waitFor();
    await dropbox
      .getByLabel('Add photos')
      .setInputFiles({ name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) });
    await page.getByText('empty.jpg is empty.').waitFor();
  });

  it('looks right in daylight too', async () => {
    const { page, card, press, write } = await openPageWorld({ window: { colorScheme: 'light' } });
    await write('/post');
    await press('Publish');
    await card.getByText('Archived').waitFor();
    await page.getByRole('button', { name: 'Switches' }).click();
    await shoot(page, '7-daylight');
    expect(await findBarriers(page)).toEqual([]);
  });
});

describeInBrowser('a phone, or a narrow window', () => {
  const window = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  it('shows the owner’s phone first, and the places as tabs with a mark for what is new', async () => {
    const { page, card, press, write } = await openPageWorld({ window });
    await write('/post');
    await card.getByRole('button', { name: 'Publish' }).waitFor();
    await shoot(page, '8-narrow-draft');
    expect(await findBarriers(page)).toEqual([]);
    const tabs = page.getByRole('tablist', { name: 'Places' });
    expect(await tabs.getByRole('tab').allInnerTexts()).toEqual([
      'Phone',
      'Channel',
      'Instagram',
      'Mail',
      'Dropbox',
      'Switches',
    ]);
    expect(await page.getByRole('tabpanel').count()).toBe(1);
    await press('Publish');
    await card.getByText('Archived').waitFor();
    await tabs.getByRole('tab', { name: 'Instagram new' }).tap();
    await page.getByRole('tabpanel', { name: 'Instagram' }).getByRole('article').waitFor();
    await shoot(page, '9-narrow-instagram');
    expect(await findBarriers(page)).toEqual([]);
    await tabs.getByRole('tab', { name: 'Mail new' }).tap();
    await page.getByRole('tabpanel', { name: 'Mail' }).frameLocator('iframe').getByRole('img').waitFor();
    await shoot(page, '10-narrow-mail');
    for (const name of ['Dropbox', 'Switches', 'Channel']) {
      await tabs.getByRole('tab', { name }).tap();
      await shoot(page, `11-narrow-${name.toLowerCase()}`);
      expect(await findBarriers(page)).toEqual([]);
    }
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBe(0);
  });

  it('keeps the phone beside the tabs where there is room for two', async () => {
    const { page, card, press, write } = await openPageWorld({
      window: { viewport: { width: 900, height: 760 } },
    });
    await write('/post');
    await press('Publish');
    await card.getByText('Archived').waitFor();
    expect(await page.getByRole('tab').count()).toBe(5);
    await press('Open in Instagram');
    await page.getByRole('tabpanel', { name: 'Instagram' }).getByRole('article').waitFor();
    await shoot(page, '12-medium');
    expect(await findBarriers(page)).toEqual([]);
  });
});

describeInBrowser('with the keyboard alone', () => {
  it('publishes, reads every place and uses the switches', async () => {
    const { page, card } = await openPageWorld();
    /** Presses Tab until this has the focus. */
    async function tabTo(name: string | RegExp): Promise<void> {
      for (let steps = 0; steps < 120; steps += 1) {
        await page.keyboard.press('Tab');
        const focused = page.locator(':focus');
        const label =
          (await focused.count()) === 0
            ? ''
            : await focused.evaluate((element) => {
                const given = element as unknown as { ariaLabel: string | null; textContent: string };
                return (given.ariaLabel ?? given.textContent).trim();
              });
        if (typeof name === 'string' ? label === name : name.test(label)) return;
      }
      throw new Error(`The Tab key never came to ${name}`);
    }
    await tabTo('Message');
    await page.keyboard.type('/po');
    await tabTo(/^\/post/);
    await page.keyboard.press('Enter');
    await card.getByRole('button', { name: 'Publish' }).waitFor();
    await tabTo('✅ Publish');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
    await shoot(page, '13-keyboard');
    await page.keyboard.press('Space');
    await card.getByText('Archived').waitFor();
    await tabTo('Show the picture large');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'The picture, large' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await tabTo('Open in Telegram channel');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toMatch(/^channel-/);
    await tabTo('Switches');
    await page.keyboard.press('Enter');
    await tabTo('Pull the plug');
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.id')).toBe('open-switches');
  });

  it('never loses its place when what had the focus is gone', async () => {
    const { page, card, write } = await openPageWorld();
    await write('/post');
    await card.getByRole('button', { name: 'Regenerate' }).focus();
    await page.keyboard.press('Enter');
    await card.getByText('caption 2').waitFor();
    expect(await page.evaluate("document.activeElement.closest('li')?.id")).toMatch(/^message-/);
    await page.getByRole('button', { name: 'Hide this help' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('show-help');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('hide-help');
  });

  it('goes through the tabs with the arrow keys', async () => {
    const { page } = await openPageWorld({ window: { viewport: { width: 390, height: 844 } } });
    await page.getByRole('tab', { name: 'Phone' }).focus();
    for (const name of ['Channel', 'Instagram', 'Mail', 'Dropbox', 'Switches', 'Phone']) {
      await page.keyboard.press('ArrowRight');
      await page.getByRole('tabpanel', { name }).waitFor();
      expect(await page.getByRole('tab', { name }).getAttribute('aria-selected')).toBe('true');
    }
  });
});

describeInBrowser('two windows', () => {
  it('show the same, and each only its own answers', async () => {
    const { page, card, press, write, hears } = await openPageWorld();
    const other = await page.context().newPage();
    await other.goto(new URL('/', page.url()).href);
    await write('/post');
    await card.getByRole('button', { name: 'Publish' }).waitFor();
    await other.getByRole('button', { name: 'Publish' }).waitFor();
    await press('Publish');
    await hears('Publishing …');
    await other.getByText('That was all the work there is').waitFor();
    expect(await other.getByRole('status').getByText('Publishing …').count()).toBe(0);
  });
});
