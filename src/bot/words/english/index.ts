// Every sentence that the owner reads. Short and plain: what happened, what it means, what to press.
export * from './answers.ts';
export * from './buttons.ts';
export * from './card.ts';
export * from './commands.ts';
export * from './delivery.ts';
export * from './menus.ts';
export * from './notices.ts';
export * from './photos-in.ts';
export { locale, place } from './phrases.ts';
export * from './preview.ts';
export * from './problems.ts';
export * from './queue.ts';
export * from './settings.ts';
export * from './stats.ts';
export * from './status.ts';
