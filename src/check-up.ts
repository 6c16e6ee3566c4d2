import { join } from 'node:path';
import { readSealed } from '#adapters/checked-file.ts';
import { openBot } from '#bot/create-bot.ts';
import { createOpenMenus } from '#bot/open-menus.ts';
import { createOwnerChat } from '#bot/owner-chat.ts';
import * as words from '#bot/words/english/index.ts';
import { settingsIn } from '#config.ts';
import type { DarkroomOptions } from '#darkroom.ts';
import {
  botAccount,
  createCaptionWriter,
  createDescriber,
  createLibrary,
  createPlatform,
} from '#darkroom.ts';
import { OverBudget } from '#errors.ts';
import { type CheckedService, checkServices } from '#flow/check-services.ts';
import { hiding } from '#log.ts';
import type { Purse } from '#ports/purse.ts';
import { agendaOf } from '#post/settings.ts';
import { ownersOf, State } from '#post/state.ts';

/**
 * Checks every service that is set up, as Darkroom would use it, and touches nothing: neither the folder nor its
 * lock, so that Darkroom may be running meanwhile.
 */
export async function checkUp(options: DarkroomOptions): Promise<readonly CheckedService[]> {
  const { config, folder, clock, log, endpoints = {} } = options;
  const { token, apiRoot } = botAccount(config);
  const owners = await ownersIn(folder, config.core.TELEGRAM_OWNER_ID ?? []);
  const settings = () => settingsIn(config);
  const platforms = config.platforms.map((chosen) =>
    createPlatform(chosen, options, { settings, ownerChat: () => owners[0], isReadOnly: true }),
  );
  const ownerChat = createOwnerChat({
    api: openBot(token, apiRoot).api,
    owners: () => owners,
    platforms,
    clock,
    log,
    agenda: () => agendaOf(settings()),
    menus: createOpenMenus(),
    languageOf: () => 'en',
    nameOf: () => undefined,
  });
  return await checkServices({
    clock,
    log,
    ownerChat,
    library: createLibrary(config, endpoints, clock),
    describer: createDescriber(config, endpoints, clock, closedPurse),
    captionWriter: createCaptionWriter(config, clock, closedPurse, settings),
    platforms,
  });
}

/** A check costs nothing. */
const closedPurse: Purse = { pay: () => Promise.reject(new OverBudget()) };

/** One line for each service, without these secrets, and how the program is to end: 0 when all is well, else 1. */
export function reportOf(
  services: readonly CheckedService[],
  secrets: readonly string[],
): { readonly text: string; readonly exitCode: number } {
  const text = services.map((service) => `${words.checked(service)}\n`).join('');
  const isWell = services.every(({ check }) => check.state !== 'broken');
  return { text: hiding(secrets)(text), exitCode: isWell ? 0 : 1 };
}

/** Those from the settings, and those paired by code as far as the state can be read. */
async function ownersIn(folder: string, configured: readonly number[]): Promise<readonly number[]> {
  const state = await readSealed(join(folder, 'darkroom.json'), State).catch(() => undefined);
  return typeof state === 'object' ? ownersOf(state.data, configured) : configured;
}
