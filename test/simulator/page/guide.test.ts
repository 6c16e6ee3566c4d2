import { expect, it } from 'vitest';
import type { ChatButton, ChatMessage } from '#simulator/telegram/chat-message.ts';
import type { Snapshot } from '../../../src/simulator/page/snapshot.ts';

// What runs in the browser is checked with a configuration of its own.
const guide = new URL('../../../src/simulator/page/web/guide.js', import.meta.url).href;
const { stepOf } = (await import(guide)) as { stepOf(snapshot: Snapshot): { readonly name: string } };

const draft: ChatButton[][] = [[{ text: '✅ Publish', data: 'publish:one:1' }]];

/** What the guide says while these are the newest pictures in the chat. */
function nameOf(...cards: readonly Pick<ChatMessage, 'text' | 'keyboard'>[]): string {
  const photo = { fileId: 'a', width: 1, height: 1 };
  const messages = cards.map((card, id) => ({ ...card, id, from: 'bot', photo, edits: 1 }));
  return stepOf({ program: 'running', phone: { messages } } as unknown as Snapshot).name;
}

it('does not take the picture of the queue for a draft', () => {
  const keyboard = [[{ text: '1', data: 'queue:open:0:a:b' }]];
  const queue = { text: 'Next, by their numbers:\n1. a.jpg', keyboard };
  expect(nameOf({ text: '📷 a.jpg', keyboard: draft }, queue)).toBe('decide');
  expect(nameOf(queue)).toBe('waiting');
});
