import { wordsFor } from '#bot/words/words.ts';
import { isApproved } from '#post/post.ts';
import type { Chance } from '../fakes/chance.ts';
import type { World } from '../world.ts';
import { isOut } from './services.ts';

interface Button {
  readonly messageId: number;
  readonly text: string;
  readonly data: string;
}

/** What the owner has in mind over all days. */
export interface Owner {
  /** Does one thing by chance; what it was, for the trace. */
  act(chance: Chance): Promise<string>;
  /** Presses whatever a card asks for, truthfully. */
  answerAll(chance: Chance): Promise<void>;
  /** Ids of the posts whose approval was taken. */
  readonly approved: ReadonlySet<string>;
}

const { taken } = wordsFor('en');
const approvals: readonly string[] = [taken.approved, taken.approvedSoon];

/** @param pictures photos of which the owner has copies to put into the folder. */
export function createOwner(world: World, pictures: readonly Buffer[]): Owner {
  const { phone, simulator, darkroom } = world;
  const approved = new Set<string>();
  const seen: Button[] = [];
  let made = 0;

  function say(text: string): string {
    phone.send(text);
    return text;
  }

  function buttons(): readonly Button[] {
    const now = world
      .cards()
      .flatMap(({ id, keyboard }) =>
        keyboard
          .flat()
          .flatMap(({ text, data }) => (data === undefined ? [] : [{ messageId: id, text, data }])),
      );
    for (const button of now) {
      if (!seen.some(({ data }) => data === button.data)) seen.push(button);
    }
    return now;
  }

  function press({ messageId, data }: Button): void {
    const [verb, id = ''] = data.split(':');
    const { answer } = phone.tapRaw(messageId, data);
    void answer.then(({ text }) => {
      if (verb === 'publish' && text !== undefined && approvals.includes(text)) approved.add(id);
      if (verb === 'undo' && text?.startsWith('Stopped.')) approved.delete(id);
    });
  }

  /** The owner says of a post only what they have seen, and not of an earlier round what is true of this one. */
  async function isTrue({ data }: Button): Promise<boolean> {
    const [verb = '', id = '', platform = '', round] = data.split(':');
    if (verb !== 'seen' && verb !== 'retry') return true;
    const post = darkroom().app.post(id);
    const delivery = post && isApproved(post) ? post.deliveries[platform] : undefined;
    if (post === undefined || !isApproved(post) || delivery?.state !== 'uncertain') return true;
    if (delivery.round !== Number(round)) return true;
    return (await isOut(world, post, platform)) === (verb === 'seen');
  }

  function pressOne(chance: Chance, verb: string): string {
    const found = buttons().filter(({ data }) => data.startsWith(`${verb}:`));
    if (found.length === 0) return `no ${verb}, ${say('/post')}`;
    const button = chance.oneOf(found);
    press(button);
    return verb;
  }

  /** What only a platform's own page tells: a question is answered as it is there. */
  async function answerOne(chance: Chance): Promise<string> {
    const found = buttons().filter(({ data }) => /^(seen|retry|drop):/.test(data));
    const truthful: Button[] = [];
    for (const button of found) if (await isTrue(button)) truthful.push(button);
    // To leave something is rare.
    const wanted = truthful.filter(({ data }) => !data.startsWith('drop:') || chance.number(0, 5) === 0);
    if (wanted.length === 0) return 'nothing to answer';
    const button = chance.oneOf(wanted);
    press(button);
    return `answers: ${button.text}`;
  }

  async function pressOld(chance: Chance): Promise<string> {
    buttons();
    if (seen.length === 0) return 'no old card';
    const button = chance.oneOf(seen);
    if (!(await isTrue(button))) return 'an old card that would be a lie';
    press(button);
    return `old ${button.text}`;
  }

  function edit(chance: Chance): string {
    const pressed = pressOne(chance, 'edit');
    if (pressed === 'edit') phone.send(`Words of my own, number ${chance.number(1, 1_000_000)}`);
    return pressed;
  }

  function photos() {
    return simulator.dropbox.files().filter(({ path }) => /^\/Photos\/[^/]+$/.test(path));
  }

  /** What the owner does with a draft that has time. */
  async function putOff(chance: Chance): Promise<string> {
    const { app } = darkroom();
    const drafts = (await app.status()).open.filter(({ state }) => state === 'awaiting-approval');
    if (drafts.length === 0) return 'nothing to put off';
    const { id, revision } = chance.oneOf(drafts);
    const minutes = chance.number(1, 300);
    const publishAt = new Date(world.clock.now().getTime() + minutes * 60_000);
    // A full disk takes no decision.
    await app.schedule(id, revision, publishAt, 1).catch(() => undefined);
    return `puts off by ${minutes} minutes`;
  }

  async function changeSetting(chance: Chance): Promise<string> {
    const { app } = darkroom();
    const value = chance.oneOf([0, 60, 300]);
    const changed = [
      () => app.change('undoSeconds', value, 1),
      () => app.change('mode', chance.oneOf(['veto', 'review', 'auto']), 1),
      () => app.undoChange(1),
    ];
    await chance
      .oneOf(changed)()
      .catch(() => undefined);
    return 'changes a setting';
  }

  function changeFolder(chance: Chance): string {
    const here = photos();
    const what = chance.number(0, 5);
    const photo = here.length > 0 ? chance.oneOf(here) : undefined;
    if (what <= 2 || photo === undefined) {
      const picture = pictures[made];
      if (picture === undefined) return 'no new photo';
      made += 1;
      simulator.dropbox.put(`/Photos/new-${made}.jpg`, picture);
      return 'new photo';
    }
    if (what === 3) simulator.dropbox.remove(photo.path);
    else if (what === 4) simulator.dropbox.move(photo.path, photo.path.replace('/Photos/', '/Elsewhere-'));
    else simulator.dropbox.move(photo.path, photo.path.replace('/Photos/', '/Photos/renamed-'));
    return ['deletes', 'takes out', 'renames'][what - 3] ?? '';
  }

  const deeds: readonly ((chance: Chance) => string | Promise<string>)[] = [
    ...Array.from({ length: 5 }, () => (chance: Chance) => pressOne(chance, 'publish')),
    (chance) => `${pressOne(chance, 'publish')}, ${pressOne(chance, 'publish')}`,
    (chance) => `${pressOne(chance, 'publish')}, ${pressOne(chance, 'skip')}`,
    (chance) => `${pressOne(chance, 'skip')}, ${pressOne(chance, 'publish')}`,
    (chance) => pressOne(chance, 'regenerate'),
    (chance) => pressOne(chance, 'skip'),
    (chance) => pressOne(chance, 'version'),
    (chance) => pressOne(chance, 'undo'),
    (chance) => pressOne(chance, 'now'),
    (chance) => `${pressOne(chance, 'now')}, ${pressOne(chance, 'undo')}`,
    putOff,
    putOff,
    changeSetting,
    edit,
    edit,
    answerOne,
    answerOne,
    answerOne,
    pressOld,
    pressOld,
    () => say('/post'),
    () => say('/post'),
    () => `${say('/post')}, ${say('/post')}`,
    (chance) => say(`/post ${chance.oneOf(['harbour', 'new-1', 'DSC', 'nothing'])}`),
    () => say('/status'),
    (chance) => say(chance.oneOf(['/pause', '/pause 1', '/resume', '/resume', '/resume'])),
    (chance) => say(chance.oneOf(['/auto on', '/auto off'])),
    changeFolder,
    changeFolder,
    async () => {
      await world.restart();
      return 'restart';
    },
    async (chance) => {
      const pressed = pressOne(chance, 'publish');
      await world.restart();
      return `${pressed}, restart`;
    },
  ];

  return {
    approved,
    act: async (chance) => await chance.oneOf(deeds)(chance),
    async answerAll(chance) {
      for (const button of buttons()) {
        const isPublish = button.data.startsWith('publish:');
        const isQuestion = /^(seen|retry):/.test(button.data);
        if (isPublish || (isQuestion && (await isTrue(button)))) press(button);
      }
      if (chance.number(0, 3) === 0) await answerOne(chance);
    },
  };
}
