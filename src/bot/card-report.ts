import { type ApprovedPost, canBeTakenDown, isFinished } from '#post/post.ts';
import type { CardPlatform, Part, Reader, Row } from './card-view.ts';
import type { Words } from './words/words.ts';

/** What became of an approved post, and what can still be done about it. */
export function reportPart(
  post: ApprovedPost,
  platforms: readonly CardPlatform[],
  reader: Reader,
  now: Date,
): Part {
  const { words, time } = reader;
  const isOver = isFinished(post, now);
  const parts = Object.entries(post.deliveries).map(([id, delivery]) => {
    const platform = platforms.find((each) => each.id === id) ?? { id, name: id };
    const verb = (text: string, name: string) => [
      { text, callback_data: `${name}:${post.id}:${id}:${delivery.round}` },
    ];
    const isTooLate = isOver || post.state === 'withdrawing';
    const rows =
      isTooLate && delivery.state === 'failed' ? [] : rowsFor(platform.name, delivery, words, verb);
    return { line: words.delivery(platform, delivery, time), rows, delivery, name: platform.name };
  });
  // What would have been refused there; the note on the draft is gone now, or nobody has seen it.
  const leftOut = platforms.filter(
    ({ id }) =>
      post.draft.pictures[id] !== undefined &&
      post.deliveries[id] === undefined &&
      !post.leftOut?.includes(id),
  );
  const left =
    post.state === 'withdrawn'
      ? parts
          .filter(({ delivery }) => delivery.state === 'dropped' && delivery.mayBeOut)
          .map(({ name }) => name)
      : [];
  const isPutAway = isOver && Object.values(post.deliveries).some(({ state }) => state === 'failed');
  return {
    lines: [
      ...parts.map(({ line }) => line),
      ...leftOut.map(({ name }) => words.wasLeftOut(name)),
      ...(post.approval.by === 'unanswered' ? [words.card.nobodyAnswered] : []),
      ...ending(post, words),
      ...(left.length > 0 ? [words.card.mayStillBeThere(left)] : []),
      ...(isPutAway ? [words.card.putAway] : []),
    ],
    keyboard: [
      ...parts.flatMap(({ rows }) => rows),
      ...(canBeTakenDown(post)
        ? [[{ text: words.buttons.takeDown, callback_data: `takedown:${post.id}` }]]
        : []),
    ],
  };
}

function rowsFor(
  name: string,
  delivery: ApprovedPost['deliveries'][string],
  words: Words,
  row: (text: string, verb: string) => Row,
): readonly Row[] {
  switch (delivery.state) {
    case 'published':
      return delivery.url === undefined ? [] : [[{ text: words.buttons.look(name), url: delivery.url }]];
    case 'failed':
      return [
        ...(delivery.problem.code === undefined ? [] : [row(words.buttons.enterCode, 'code')]),
        row(words.buttons.tryAgain(name), 'retry'),
        row(words.buttons.leaveOut(name), 'drop'),
      ];
    case 'uncertain':
      // Darkroom looks itself first; there is nothing to press until it knows that it cannot tell.
      if (delivery.looking !== undefined) return [];
      return [
        row(words.buttons.itIsThere(name), 'seen'),
        row(words.buttons.notThere(name), 'retry'),
        row(words.buttons.leaveIt(name), 'drop'),
      ];
    default:
      return [];
  }
}

function ending(post: ApprovedPost, words: Words): readonly string[] {
  switch (post.state) {
    case 'publishing':
      return [];
    case 'published':
      return [words.card.archiving];
    case 'failed':
      return [words.card.failed];
    case 'withdrawing':
      return [words.card.withdrawing];
    case 'withdrawn':
      return [
        post.restoredPath === undefined ? words.card.withdrawnGone : words.card.withdrawn(post.restoredPath),
      ];
    case 'archived':
      return [
        post.archivedPath === undefined ? words.card.notArchived : words.card.archived(post.archivedPath),
      ];
  }
}
