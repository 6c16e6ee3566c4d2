import type { Problem } from '#post/delivery.ts';

/** Bot API: the text with a picture or file is 0-1024 UTF-16 units. */
export const captionLength = 1024;

/** Bot API: a message is 1-4096 UTF-16 units. */
export const messageLength = 4096;

/** Dropbox makes thumbnails of none of these (files/get_thumbnail_v2 names those that it does). */
export const unseen = /\.(hei[cf]|avif)$/i;

/** So many names of a list are said; the rest are counted. */
export const namesShown = 3;

/** Problems that can be over without anybody doing anything. */
export const canPass = new Set<Problem['kind']>(['rate-limited', 'unreachable', 'timeout', 'out-of-order']);
