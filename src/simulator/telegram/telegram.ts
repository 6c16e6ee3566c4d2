import type { Faults } from '#simulator/faults.ts';
import {
  type HttpService,
  type RunningService,
  type SimulatedAnswer,
  type SimulatedRequest,
  serve,
} from '#simulator/http.ts';
import { type ChatMessage, chatMessage } from './chat-message.ts';
import { chatMethods } from './chat-methods.ts';
import { editMethods } from './edit-methods.ts';
import { messageMethods } from './message-methods.ts';
import type { Methods } from './method.ts';
import { type Params, readParams } from './params.ts';
import { openPhone, type Phone } from './phone.ts';
import { profileMethods } from './profile-methods.ts';
import { answerOf, refusedAnswer } from './refusal.ts';
import { sendMethods } from './send-methods.ts';
import { until } from './until.ts';
import { updateMethods } from './update-methods.ts';
import { createUpdateQueue } from './update-queue.ts';
import { type BotInChannel, openStage } from './world.ts';

export interface TelegramOptions {
  readonly faults: Faults;
  /** Where the world is kept; a start with the same folder goes on where it stood. */
  readonly folder: string;
  readonly token?: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** The owner has pressed Start before, so that the bot may write first. True unless set. */
  readonly ownerStarted?: boolean;
}

/** One method call and its answer, for checks against the documentation. */
export interface Exchange {
  readonly method: string;
  /** As they came: from a form or multipart all are strings. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The names of the file parts. */
  readonly files: readonly string[];
  /** The whole body: `{ ok, result }` or `{ ok, error_code, description }`. */
  readonly answer: unknown;
}

/** The simulated Bot API with one bot, its owner's phone, and a channel. */
export interface SimulatedTelegram extends RunningService {
  readonly token: string;
  readonly owner: { readonly id: number; readonly name: string };
  readonly channel: { readonly id: number; readonly username: string; readonly title: string };
  /** The phone of the owner, or of any other user. */
  phone(userId?: number): Phone;
  /** What the channel shows, oldest first. */
  channelPosts(): readonly ChatMessage[];
  /**
   * How often a post of the channel got each emoji by now. The bot hears of it as an administrator that has asked for
   * `message_reaction_count` (Bot API, Update); the real service can take minutes for it.
   */
  setReactions(messageId: number, counts: Readonly<Record<string, number>>): void;
  /** The bytes of a picture or file by its file id. */
  photo(fileId: string): Buffer | undefined;
  setBotInChannel(status: BotInChannel): void;
  /** Whether the bot has Post Messages as an administrator. */
  setMayPost(mayPost: boolean): void;
  /** Whether the channel forbids forwarding; holds for all its posts, old ones too. */
  setProtectedContent(isProtected: boolean): void;
  /** Called after every change of anything that a phone or the channel shows. Gives the way to stop. */
  onChange(listener: () => void): () => void;
  /** Resolves as soon as the predicate is true; checked at once and on every change. */
  until(predicate: () => boolean, timeoutMs?: number): Promise<void>;
  /** Updates that the bot has not yet confirmed. */
  readonly updates: { readonly pending: number };
  /** The newest 500 method calls that were answered, without those that a fault kept from work. */
  readonly exchanges: readonly Exchange[];
}

const defaultToken = '7000000001:AAF4k3-simulated-darkroom-tok3n-00A';
const rememberedExchanges = 500;
const takesPhotos = new Set(['sendPhoto', 'sendMediaGroup', 'editMessageMedia']);
/** Uploads end at 50 MB (Bot API, Sending files); larger requests are refused unread. */
const largestRequest = 50 * 1024 * 1024;

export async function startTelegram(options: TelegramOptions): Promise<SimulatedTelegram> {
  const { faults, folder, token = defaultToken, port = 0, now = Date.now, ownerStarted = true } = options;
  const stage = openStage({ folder, token, ownerStarted, now });
  const queue = createUpdateQueue(stage);
  const exchanges: Exchange[] = [];
  const methods: Methods = {
    ...updateMethods(stage, queue),
    ...sendMethods(stage),
    ...editMethods(stage),
    ...messageMethods(stage),
    ...chatMethods(stage),
    ...profileMethods(stage),
  };
  const names = new Map(Object.keys(methods).map((name) => [name.toLowerCase(), name]));

  const read = new WeakMap<SimulatedRequest, Promise<Params>>();
  function paramsOf(request: SimulatedRequest): Promise<Params> {
    const params = read.get(request) ?? readParams(request);
    read.set(request, params);
    return params;
  }

  async function call(name: string, request: SimulatedRequest): Promise<SimulatedAnswer> {
    const method = methods[name];
    if (method === undefined) return refusedAnswer(404);
    if (request.body.length > largestRequest) return refusedAnswer(413);
    let params: Params | undefined;
    let answer: SimulatedAnswer;
    try {
      params = await paramsOf(request);
      answer = { status: 200, body: { ok: true, result: await method(params) } };
    } catch (error) {
      const refused = answerOf(error);
      answer = refused ?? refusedAnswer(500, `the simulator failed: ${error}`);
    }
    exchanges.push({
      method: name,
      params: params?.values ?? {},
      files: [...(params?.files.keys() ?? [])],
      // As it leaves, so that what is absent is absent here too.
      answer: JSON.parse(JSON.stringify(answer.body)),
    });
    if (exchanges.length > rememberedExchanges) exchanges.shift();
    return answer;
  }

  const service: HttpService = {
    name: 'telegram',
    operation(request) {
      const { kind, rest } = partsOf(request);
      return kind === 'file' ? 'file' : (names.get(rest.toLowerCase()) ?? rest);
    },
    async prepare(request) {
      if (request.body.length > largestRequest || !takesPhotos.has(partsOf(request).rest)) return;
      const { files } = await paramsOf(request);
      for (const upload of files.values()) await stage.files.prepare(upload);
    },
    answer(request) {
      const { kind, token: given, rest } = partsOf(request);
      if (kind === undefined) return refusedAnswer(404);
      if (given !== token) return refusedAnswer(401);
      if (kind === 'bot') return call(names.get(rest.toLowerCase()) ?? rest, request);
      const bytes = request.method === 'GET' ? stage.files.readPath(rest) : undefined;
      if (bytes === undefined) return refusedAnswer(404);
      return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: bytes };
    },
    refuse(fault) {
      if (fault.kind === 'error') return refusedAnswer(fault.status, wordsFor(fault.status));
      return refusedAnswer(429, `retry after ${fault.retryAfterSeconds}`, fault.retryAfterSeconds);
    },
  };
  const running = await serve(service, faults, port);

  return {
    url: running.url,
    calls: running.calls,
    token,
    owner: { id: stage.owner.id, name: stage.owner.first_name },
    channel: {
      id: stage.channel.id,
      username: stage.channel.username ?? '',
      title: stage.channel.title ?? '',
    },
    phone: (userId = stage.owner.id) => openPhone(stage, queue, userId),
    channelPosts: () => (stage.world.chats[stage.channel.id]?.messages ?? []).map(chatMessage),
    setReactions(messageId, counts) {
      const post = stage.world.chats[stage.channel.id]?.messages.find(
        ({ message }) => message.message_id === messageId,
      );
      if (post === undefined) throw new Error(`There is no post ${messageId} in the channel.`);
      post.reactions = Object.keys(counts);
      const reactions = Object.entries(counts).map(([emoji, total_count]) => ({
        type: { type: 'emoji' as const, emoji },
        total_count,
      }));
      const about = { chat: stage.channel, message_id: messageId, date: stage.nowSeconds() };
      if (stage.world.botInChannel === 'administrator') {
        queue.push({ message_reaction_count: { ...about, reactions } });
      }
      stage.changed();
    },
    photo: (fileId) => stage.files.read(fileId),
    setBotInChannel(status) {
      stage.world.botInChannel = status;
      stage.changed();
    },
    setMayPost(mayPost) {
      stage.world.mayNotPost = !mayPost;
      stage.changed();
    },
    setProtectedContent(isProtected) {
      stage.world.isChannelProtected = isProtected;
      stage.changed();
    },
    onChange: (listener) => stage.onChange(listener),
    until: (predicate, timeoutMs = 10_000) => until(stage.onChange, predicate, timeoutMs),
    updates: {
      get pending() {
        return queue.pending();
      },
    },
    exchanges,
    async close() {
      queue.close();
      await running.close();
    },
  };
}

/** `/bot<token>/<method>` or `/file/bot<token>/<path>`. */
function partsOf({ path }: SimulatedRequest): { kind?: 'bot' | 'file'; token: string; rest: string } {
  const match = /^(\/file)?\/bot([^/]+)\/(.+)$/.exec(decodeURIComponent(path));
  const [, file, token = '', rest = ''] = match ?? [];
  return match === null ? { token, rest: path } : { kind: file === undefined ? 'bot' : 'file', token, rest };
}

function wordsFor(status: number): string | undefined {
  if (status === 400) return 'chat not found';
  if (status === 403) return 'bot was blocked by the user';
  if (status === 409)
    return 'terminated by other getUpdates request; make sure that only one bot instance is running';
  return undefined;
}
