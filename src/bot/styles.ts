/** Ways of writing that have a button of their own. */
export const styles = ['shorter', 'longer', 'plain', 'poetic', 'playful', 'no-emoji'] as const;
export type Style = (typeof styles)[number];

/** What the writer is told, in English, as all of its instructions are. */
export const directions: Readonly<Record<Style, string>> = {
  shorter: 'Make it shorter than before, one or two short sentences.',
  longer: 'Make it longer than before, four or five sentences.',
  plain: 'Write it plainly: only what can be seen, without big words.',
  poetic: 'Write it poetically, with images and rhythm.',
  playful: 'Write it playfully, with a wink.',
  'no-emoji': 'Write it without any emoji.',
};
