/** What a file can be called, and what would like to be something else. Dropbox keeps NFC and NFD apart. */
const oddities = [
  '-rf',
  '--help.jpg',
  'a\nb.jpg',
  'a\r\nb.jpg',
  'tab\tbed.jpg',
  'gpj.\u202Eexe',
  '\u2066isolated\u2069.jpg',
  'zero\u200Bwidth.jpg',
  'bell\u0007.jpg',
  'escape\u001b[31m.jpg',
  'line\u2028line.jpg',
  'Cafe\u0301.jpg',
  'Caf\u00e9.png',
  '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}.jpg',
  '\u05E9\u05DC\u05D5\u05DD.jpg',
  '日本の港.jpg',
  'x..jpg',
  'no ending',
  '<b>bold<b>.jpg',
  '&amp;.jpg',
  '*_~`[](x)`~_*.jpg',
  '$(reboot).jpg',
  '`id`.jpg',
  "';drop table.jpg",
  '%2e%2e%2fetc.jpg',
  '#hash@mention.jpg',
  'con.jpg',
  'nul',
  ' blanks .jpg',
  `${'long'.repeat(62)}.jpg`,
];

/** Three hundred of them, in ten variations. */
export const oddNames: readonly string[] = oddities.flatMap((name) =>
  Array.from({ length: 10 }, (_, index) => (index === 0 ? name : `${index}${name}`)),
);
