import { shownName } from '#post/file-name.ts';

/** The menus of a card. */
export const menu = {
  later: '🕒 Später',
  move: '🕒 Verschieben',
  where: '📣 Wohin',
  style: '🎨 Stil',
  more: '⋯ Mehr',
  back: '‹ Zurück',
  at: {
    hour: (time: string) => `In 1 Stunde, ${time}`,
    tonight: (time: string) => `Heute Abend, ${time}`,
    tomorrow: (time: string) => `Morgen, ${time}`,
  },
  otherTime: '⌨️ Andere Zeit',
  yesAt: (day: string) => `Ja, ${day}`,
  styles: {
    shorter: 'Kürzer',
    longer: 'Länger',
    plain: 'Schlicht',
    poetic: 'Poetisch',
    playful: 'Verspielt',
    'no-emoji': 'Ohne Emoji',
  },
  sayHow: '✍️ Selbst sagen',
  altText: '📝 Alternativtext',
  fullSize: (place: string) => `Volle Größe: ${place}`,
  never: '🚫 Nie wieder zeigen',
  neverAsked: 'Dieses Foto nie wieder zeigen?',
  yesNever: '🚫 Ja, nie wieder',
};

/** A file in full size that is to follow. */
export const fullSize = {
  making: 'Ich mache die Datei …',
  gone: 'Ich kann die Datei in voller Größe nicht machen: Das Foto wurde in deinem Ordner verschoben oder geändert. Der Entwurf bleibt, wie er ist.',
  impossible:
    'Von diesem Foto kann ich keine Datei in voller Größe machen: Sie würde zu groß. Der Entwurf bleibt, wie er ist.',
};

/** What is asked about a draft, for a text. */
export const asking = {
  caption: {
    ask: (name: string) =>
      `Schick mir die Bildunterschrift für ${shownName(name)}, ganz und mit allen Hashtags. /cancel lässt alles, wie es ist.`,
    textPlease: 'Schick mir die Bildunterschrift bitte als Text, oder /cancel.',
    cancelled: 'In Ordnung, die Bildunterschrift bleibt, wie sie ist.',
  },
  direction: {
    ask: (name: string) =>
      `Wie soll die nächste Bildunterschrift für ${shownName(name)} klingen? Zum Beispiel: „kürzer, ohne Emoji“. Du kannst auch einfach auf die Karte antworten. /cancel lässt alles, wie es ist.`,
    textPlease: 'Schick mir das bitte als Text, etwa „kürzer, ohne Emoji“, oder /cancel.',
    cancelled: 'In Ordnung, die Bildunterschrift bleibt, wie sie ist.',
  },
  'alt-text': {
    ask: (name: string) =>
      `Schick mir den Alternativtext für ${shownName(name)}: was jemand wissen sollte, der das Bild nicht sehen kann. Ein einzelnes „-“ entfernt ihn, /cancel lässt alles, wie es ist.`,
    textPlease: 'Schick mir den Alternativtext bitte als Text, oder /cancel.',
    cancelled: 'In Ordnung, der Alternativtext bleibt, wie er ist.',
  },
  time: {
    ask: (name: string) =>
      `Wann soll ${shownName(name)} rausgehen? Zum Beispiel: „morgen um 9“, „Freitag 18:30“, „24.12. 8:00“ oder „in 3 Stunden“. /cancel lässt alles, wie es ist.`,
    textPlease: 'Schick mir die Zeit bitte als Text, etwa „morgen um 9“, oder /cancel.',
    cancelled: 'In Ordnung, keine andere Zeit.',
  },
};

/** The owner has said how the next text should sound. */
export function directed(direction: string): string {
  const shown = direction.length > 100 ? `${[...direction].slice(0, 100).join('')} …` : direction;
  return `Ich schreibe eine andere Bildunterschrift, wie du sagst: „${shown}“`;
}

/** A time is shown back before it counts. */
export function timeAsked(day: string): string {
  return `Soll es dann rausgehen: ${day}?`;
}

/** Why a time cannot be taken. */
export const wrongTime = {
  unclear:
    'Diese Zeit verstehe ich nicht. Versuch es mit „morgen um 9“, „24.12. 18:30“ oder „in 3 Stunden“, oder /cancel.',
  'no-time-of-day': 'Und um wie viel Uhr? Zum Beispiel: „Freitag um 18:30“. Oder /cancel.',
  past: 'Diese Zeit ist schon vorbei. Nimm bitte eine spätere.',
  'too-far': 'Das ist mehr als ein Jahr hin. Nimm bitte eine frühere Zeit, oder /cancel.',
};
