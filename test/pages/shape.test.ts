import sharp from 'sharp';
import { expect, it } from 'vitest';
import { closeBrowserAfterwards, describeInBrowser, shoot } from './browser.ts';
import { openPageWorld } from './page-world.ts';

closeBrowserAfterwards();

/** A coast that is four times as wide as it is high, with a sun at its right end. */
function panorama(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2400" height="600">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#27446b"/><stop offset="0.6" stop-color="#f0a35e"/><stop offset="1" stop-color="#3a2d3f"/></linearGradient></defs>
    <rect width="2400" height="600" fill="url(#sky)"/><circle cx="1900" cy="330" r="70" fill="#fff0c0"/>
    <path d="M0 600V430L300 250L560 420L900 300L1300 450L1700 380L2400 460V600Z" fill="#1f2a33"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

describeInBrowser('a panorama', () => {
  it('is brought into shape on the card, and shown as it goes out', async () => {
    const world = await openPageWorld({ photos: 'none' });
    const { page, card, press, write, seeCard, place } = world;
    world.simulator.dropbox.put('/Photos/panorama.jpg', await panorama());
    await write('/post panorama');
    await seeCard('white borders');
    await card.getByText('white borders').waitFor();
    await shoot(page, '40-panorama-draft');
    await press('Crop');
    await card.getByText('→ 1.91:1, 52% cut off').waitFor();
    await press('Blurred');
    await card.getByText('blurred borders').waitFor();
    await press('More');
    await press('Preview');
    await page.getByText('Email.jpg').waitFor();
    await shoot(page, '41-panorama-preview');
    await press('Back');
    // The menu that closes has a Publish, too, where the shapes come to be.
    await card.getByRole('button', { name: 'Regenerate' }).waitFor();
    await press('Publish');
    await seeCard('Archived');
    await place('darkroom.demo').locator('img').first().waitFor();
    await shoot(page, '42-panorama-published');
    expect(world.simulator.instagram.posts()[0]).toMatchObject({ width: 1440, height: 754 });
  });
});
