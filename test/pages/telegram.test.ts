import { expect, it } from 'vitest';
import { closeBrowserAfterwards, describeInBrowser, shoot } from './browser.ts';
import { openPageWorld } from './page-world.ts';

closeBrowserAfterwards();

/** A bot of our own in Darkroom's place, so that anything a bot can do is seen. */
async function openBotWorld(expected?: RegExp) {
  const world = await openPageWorld({ photos: 'none', ...(expected && { expected }) });
  await world.stop();
  const { url, token, owner } = world.simulator.telegram;
  async function call(method: string, params: object): Promise<unknown> {
    const answer = await fetch(`${url}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    const body = (await answer.json()) as { ok: boolean; result: unknown };
    expect(body).toMatchObject({ ok: true });
    return body.result;
  }
  const say = (text: string, more: object = {}) =>
    call('sendMessage', { chat_id: owner.id, parse_mode: 'HTML', text, ...more }) as Promise<{
      message_id: number;
    }>;
  return { ...world, call, say, owner };
}

/** The bot's answer to the press that comes next. */
async function answerNextPress(call: (method: string, params: object) => Promise<unknown>, answer: object) {
  const [update] = (await call('getUpdates', { timeout: 10, allowed_updates: ['callback_query'] })) as {
    update_id: number;
    callback_query: { id: string };
  }[];
  await call('getUpdates', { offset: (update?.update_id ?? 0) + 1 });
  await call('answerCallbackQuery', { callback_query_id: update?.callback_query.id, ...answer });
}

describeInBrowser('the phone behaves like Telegram', () => {
  it('shows formatted text, nested too, and nothing in it is taken as HTML', async () => {
    const { page, say, phone } = await openBotWorld();
    await say(
      'Plain <b>bold <i>both</i></b> <u>under</u> <s>gone</s> <code>a &lt; b</code> <tg-spoiler>secret</tg-spoiler>\n<blockquote>quoted 👨‍👩‍👧‍👦</blockquote><pre>two\n  lines</pre><a href="https://example.com/x">a link</a> #tag /post &lt;img src=x onerror=alert(1)&gt;',
    );
    const text = page.getByRole('log').locator('.text').first();
    await text.getByText('Plain').waitFor();
    expect(await text.locator('b').innerText()).toBe('bold both');
    expect(await text.locator('b i').innerText()).toBe('both');
    expect(await text.locator('u').innerText()).toBe('under');
    expect(await text.locator('s').innerText()).toBe('gone');
    expect(await text.locator('code').innerText()).toBe('a < b');
    expect(await text.locator('.spoiler').textContent()).toBe('secret');
    expect(await text.locator('blockquote').innerText()).toBe('quoted 👨‍👩‍👧‍👦');
    expect(await text.locator('pre').innerText()).toBe('two\n  lines');
    expect(await text.locator('img').count()).toBe(0);
    await shoot(page, '30-formatted');
    await text.getByRole('button', { name: 'a link' }).click();
    await page.getByText('In life this opens https://example.com/x').waitFor();
    await text.getByRole('button', { name: '/post' }).click();
    await expect.poll(() => phone.messages().at(-1)).toMatchObject({ from: 'user', text: '/post' });
  });

  it('shows a toast, an alert, a spinner until the answer, and an edited message', async () => {
    const { page, say, call, owner, hears } = await openBotWorld();
    const reply_markup = { inline_keyboard: [[{ text: 'Ask', callback_data: 'a' }]] };
    const { message_id } = await say('Before', { reply_markup });
    const key = page.getByRole('log').getByRole('button', { name: 'Ask' });
    await key.click();
    await expect.poll(() => key.getAttribute('aria-busy')).toBe('true');
    await answerNextPress(call, { text: 'A toast' });
    await hears('A toast');
    await expect.poll(() => key.getAttribute('aria-busy')).toBe('false');
    await key.click();
    await answerNextPress(call, { text: 'An alert', show_alert: true });
    await page.getByRole('dialog').getByText('An alert').waitFor();
    await page.getByRole('button', { name: 'OK' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await call('editMessageText', { chat_id: owner.id, message_id, text: 'After' });
    await page.getByRole('log').getByText('After').waitFor();
    expect(await page.getByRole('log').getByText('Before').count()).toBe(0);
    expect(await page.getByRole('log').getByText('edited').count()).toBe(1);
    expect(await key.count()).toBe(0);
    await call('deleteMessage', { chat_id: owner.id, message_id });
    await page.getByText('The first message is on its way').waitFor();
  });

  it('shows "typing", which ends by itself, and the command menu as the bot set it', async () => {
    const { page, say, call, owner, clock } = await openBotWorld();
    await call('setMyCommands', { commands: [{ command: 'develop', description: 'Develop a picture' }] });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: '/develop Develop a picture' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '/develop' }).waitFor({ state: 'detached' });
    await call('sendChatAction', { chat_id: owner.id, action: 'typing' });
    await page.getByText('typing').waitFor();
    clock.advance(6_000);
    await page.getByText('typing').waitFor({ state: 'detached' });
    await say('Done');
  });

  it('replies to a message, by choice and when the bot asks for it', async () => {
    const { page, say, phone, write } = await openBotWorld();
    await say('Which name?');
    await page.getByRole('log').getByRole('listitem').first().hover();
    await page.getByRole('button', { name: 'Reply to this message' }).click();
    await write('This one');
    await expect.poll(() => phone.messages().at(-1)).toMatchObject({ text: 'This one', replyTo: 1 });
    await page.getByRole('log').locator('.quote').getByText('Which name?').waitFor();
    await say('And the place?', { reply_markup: { force_reply: true } });
    await page.locator('.replying').getByText('And the place?').waitFor();
    await write('At the sea');
    await expect.poll(() => phone.messages().at(-1)).toMatchObject({ text: 'At the sea', replyTo: 3 });
  });

  it('blocks the bot and lets it in again', async () => {
    const { page, phone } = await openBotWorld();
    await page.getByRole('button', { name: 'Switches' }).click();
    await page.getByLabel('The owner has blocked the bot').check();
    await page.getByRole('button', { name: 'Restart the bot' }).click();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    expect(phone.hasBlocked()).toBe(false);
    expect(await page.getByLabel('The owner has blocked the bot').isChecked()).toBe(false);
  });

  it('keeps what was written when it could not be sent, and sends several lines', async () => {
    const { page, phone } = await openBotWorld(/400/);
    const field = page.getByRole('textbox', { name: 'Message' });
    await page.route('**/act', (route) => route.fulfill({ status: 400, json: { problem: 'Not now.' } }), {
      times: 1,
    });
    await field.fill('Line one');
    await field.press('Shift+Enter');
    await field.pressSequentially('Line two');
    await field.press('Enter');
    await page.getByText('Not now.').waitFor();
    await expect.poll(() => field.inputValue()).toBe('Line one\nLine two');
    await field.press('Enter');
    await expect.poll(() => phone.messages().at(-1)?.text).toBe('Line one\nLine two');
    expect(await field.inputValue()).toBe('');
  });
});
