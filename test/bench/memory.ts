import { scene } from '../fakes/shots.ts';
import { type Figure, figure } from './figures.ts';
import { openRig } from './rig.ts';
import { ask, publish } from './story.ts';

/** What Darkroom holds after so many posts, one after another; the services answer at once. */
export async function benchMemory(posts: number): Promise<readonly Figure[]> {
  await using rig = await openRig();
  for (let at = 0; at < posts; at += 1) {
    rig.simulator.dropbox.put(`/Photos/shot-${at}.jpg`, await scene(at + 1, 1600, 1067));
  }
  await rig.start();
  const { now: first } = await afterPosts(1);
  const { now: last, peak } = await afterPosts(posts - 1);
  const name = `after ${posts.toLocaleString('en')} posts`;
  return [
    figure('memory, after the first post', 'MB', [first / 1e6]),
    figure(`memory, ${name}`, 'MB', [last / 1e6], { bar: 200 }),
    figure(`most memory, ${name}`, 'MB', [peak / 1e6]),
  ];

  async function afterPosts(count: number) {
    for (let done = 0; done < count; done += 1) {
      await ask(rig);
      await publish(rig);
    }
    return await rig.memory();
  }
}
