import { beforeEach, expect, it } from 'vitest';
import { linkOf, openProgramFolder, type ProgramFolder } from '../program-folder.ts';
import { closeBrowserAfterwards, describeInBrowser, openWindow, shoot } from './browser.ts';

closeBrowserAfterwards();

let run: ProgramFolder['run'];

beforeEach(async () => {
  ({ run } = await openProgramFolder());
});

describeInBrowser('somebody who has never heard of Darkroom', () => {
  it('starts it, opens the link, follows what the page says, and has published a photo', async () => {
    const page = await openWindow((await linkOf(run([]))).href);
    const guide = page.getByRole('region', { name: 'What to do' });
    // On its way, or there: on a busy machine the draft may be faster than the browser.
    await guide.getByText('A draft is on').waitFor();
    await shoot(page, '20-first-seconds');
    // Only what the page itself says is used: the name of the button, and that it is on the phone.
    const told = await guide.getByText(/Press “.+”/).innerText();
    const button = /Press “(.+)”/.exec(told)?.[1] ?? '';
    await page.getByRole('log').getByRole('button', { name: button }).click();
    await guide.getByText('Darkroom is on it.').waitFor();
    await shoot(page, '21-going-out');
    await guide.getByText('Published. That was all the work there is.').waitFor();
    await page.getByRole('log').getByText('Archived').waitFor();
    expect(await page.locator('.channel .message').count()).toBe(1);
    expect(await page.locator('.feed .post').count()).toBe(1);
    expect(await page.locator('article.mail').count()).toBe(1);
    await shoot(page, '22-first-photo-published');
    await guide.getByRole('button', { name: 'Use my own accounts' }).click();
    await page.getByRole('dialog').getByText('.env.example').waitFor();
  });

  it('pulls the plug in the middle of publishing, and sees that it is looked for instead of published twice', async () => {
    const page = await openWindow((await linkOf(run([]))).href);
    await page.getByRole('button', { name: 'Switches' }).click();
    await page
      .getByRole('group', { name: 'Instagram' })
      .getByLabel('Trouble with')
      .selectOption({ label: 'Takes the request and never answers' });
    await page.getByRole('log').getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('log').getByText('Instagram: sending').waitFor();
    await page.locator('article.mail').waitFor();
    // What is published moves the button while a mouse is on its way to it.
    await page.getByRole('button', { name: 'Pull the plug' }).press('Enter');
    await page.getByText('Darkroom is off, as after a power cut.').waitFor();
    await page
      .getByRole('region', { name: 'What to do' })
      .getByRole('button', { name: 'Switch it on' })
      .click();
    await page.getByRole('log').getByText('🔎 Instagram').waitFor();
    await shoot(page, '23-after-the-power-cut');
    expect(await page.locator('.channel .message').count()).toBe(1);
    expect(await page.locator('.feed .post').count()).toBeLessThanOrEqual(1);
  });

  it('loses the page when Darkroom ends, and has it back when it runs again', async () => {
    const darkroom = run([], { SIMULATOR_PORT: '0' });
    const link = await linkOf(darkroom);
    const page = await openWindow(link.href, {}, /net::ERR_/);
    darkroom.child.kill('SIGTERM');
    await darkroom.ended;
    await page.getByRole('alert').getByText('Darkroom is not running.').waitFor();
    await shoot(page, '24-not-running');
    await linkOf(run([], { SIMULATOR_PORT: link.port }));
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByRole('status').getByText('running').waitFor();
  });
});
