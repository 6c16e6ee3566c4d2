import { z } from 'zod';
import type { Methods } from './method.ts';
import { badRequest } from './refusal.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { Stage } from './world.ts';

/** How long a press can be answered. The documents give no number; about 15 s is what clients show. */
const answerableMs = 15_000;
const AllowedUpdates = z.array(z.string()).optional();

/** Receiving updates and answering button presses. */
export function updateMethods(stage: Stage, queue: UpdateQueue): Methods {
  return {
    getUpdates(params) {
      const allowed = AllowedUpdates.safeParse(params.json('allowed_updates'));
      if (!allowed.success) throw badRequest("can't parse allowed updates JSON object");
      return queue.poll({
        offset: params.integer('offset'),
        limit: params.integer('limit'),
        timeoutSeconds: params.integer('timeout'),
        allowed: allowed.data,
        signal: params.signal,
      });
    },
    getWebhookInfo: () => ({
      url: '',
      has_custom_certificate: false,
      pending_update_count: queue.pending(),
    }),
    setWebhook(params) {
      const url = params.text('url');
      if (url === '') return true;
      if (!url.startsWith('https://')) {
        throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
      }
      throw badRequest('bad webhook: the simulator delivers updates by getUpdates only');
    },
    deleteWebhook(params) {
      if (params.flag('drop_pending_updates')) {
        queue.drop();
        stage.changed();
      }
      return true;
    },
    answerCallbackQuery(params) {
      const text = params.text('text');
      // Bot API, answerCallbackQuery: text 0-200 characters.
      if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
      const tap = stage.world.taps.find((each) => each.id === params.text('callback_query_id'));
      if (tap === undefined || tap.answer !== undefined || stage.now() - tap.atMs > answerableMs) {
        throw badRequest('query is too old and response timeout expired or query ID is invalid');
      }
      const alert = params.flag('show_alert');
      tap.answer = text === '' ? { alert } : { text, alert };
      stage.changed();
      return true;
    },
  };
}
