import type { PlatformDefinition } from '#ports/platform.ts';
import { email } from './email.ts';
import { instagram } from './instagram.ts';
import { instagramOfficial } from './instagram-official.ts';
import { telegram } from './telegram.ts';

/** Every place that Darkroom can publish to, in the order in which the owner sees them. */
export const platformDefinitions: readonly PlatformDefinition[] = [
  telegram,
  instagram,
  instagramOfficial,
  email,
];
