import { expect, it } from 'vitest';
import { scene } from '../fakes/shots.ts';
import { closeBrowserAfterwards, describeInBrowser, shoot } from './browser.ts';
import { openPageWorld } from './page-world.ts';

closeBrowserAfterwards();

describeInBrowser('a panorama', () => {
  it('is brought into shape on the card, and shown as it goes out', async () => {
    const world = await openPageWorld({ photos: 'none' });
    const { page, card, press, write, seeCard, place } = world;
    world.simulator.dropbox.put('/Photos/panorama.jpg', await scene(3, 2400, 600));
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
