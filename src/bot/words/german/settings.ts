/** The talk about settings. */
export const settings = {
  intro: '⚙️ Einstellungen. Tippe an, was du ändern willst.',
  names: {
    mode: 'Modus',
    vetoMinutes: 'Zeit zum Anhalten',
    undoSeconds: 'Zeit zum Rückgängigmachen',
    reminderHours: 'Erinnerung nach',
    unanswered: 'Ein Entwurf ohne Antwort',
    unansweredHours: 'Unbeantwortet nach',
    schedule: 'Zeitplan',
    timeZone: 'Zeitzone',
    hashtags: 'Schlagwörter (Hashtags)',
    captionLanguage: 'Sprache der Texte',
    voice: 'Ton der Texte',
    platformsOff: 'Orte',
    instagramShape: 'Bildformat für Instagram',
    monthlyBudget: 'Höchstens für die KI im Monat',
    lookAlikeDays: 'Abstand ähnlicher Fotos',
    pause: 'Pausieren',
  },
  modes: {
    review: 'ich frage dich erst',
    auto: 'ich veröffentliche von selbst',
    veto: 'ich veröffentliche von selbst, wenn du mich nicht anhältst',
  },
  unanswered: { keep: 'bleibt und wartet', publish: 'geht raus', drop: 'kommt zurück in die Reihe' },
  seconds: (count: number) => `${count} Sekunden`,
  minutes: (count: number) => `${count} Minuten`,
  hours: (count: number) => `${count} Stunden`,
  days: (count: number) => `${count} Tage`,
  none: 'keine',
  noLimit: 'unbegrenzt',
  aiChoice: 'wie die KI es mag',
  isOn: 'an',
  isOver: 'vorbei',
  choose: (name: string, value: string) => `${name}: ${value}.\n\nWas soll gelten?`,
  places: 'Wohin gehen neue Entwürfe? Tippe einen Ort an, um ihn ein- oder auszuschalten.',
  ask: {
    schedule:
      'Wann sollen Entwürfe kommen? Zum Beispiel: werktags um 9 und 18:30, oder: samstags um 10. /cancel lässt alles, wie es ist.',
    timeZone: 'Welche Zeitzone? Schick ihren Namen, etwa Europe/Berlin. /cancel lässt alles, wie es ist.',
    hashtags:
      'Welche Hashtags sollen unter jedem Text stehen? Etwa: #meer #licht. Ein Strich - heißt keine. /cancel lässt alles, wie es ist.',
    captionLanguage:
      'In welcher Sprache sollen die Texte sein? Etwa: Deutsch. Mit einem Strich - wählt die KI. /cancel lässt alles, wie es ist.',
    voice:
      'Wie sollen die Texte klingen? Etwa: trocken und kurz. Mit einem Strich - wählt die KI. /cancel lässt alles, wie es ist.',
    monthlyBudget:
      'Wie viele Dollar darf die KI im Monat kosten? Etwa: 5. Ein Strich - heißt unbegrenzt. /cancel lässt alles, wie es ist.',
  },
  wrong: {
    invalid: 'Damit kann ich nichts anfangen, darum bleibt alles, wie es war.',
    'time-zone': 'Diese Zeitzone kenne ich nicht, darum bleibt alles, wie es war.',
    schedule: 'Diese Zeiten habe ich nicht verstanden, darum bleibt alles, wie es war.',
    'too-many-slots': 'Das sind mehr als 24 Entwürfe am Tag, darum bleibt alles, wie es war.',
    'price-unknown':
      'Ich weiß nicht, was dein KI-Modell kostet, und kann keine Grenze einhalten. Es bleibt alles, wie es war.',
    platform: 'Ein Ort muss eingeschaltet bleiben. Es bleibt alles, wie es war.',
  },
  textPlease: 'Schick es bitte als Text, oder /cancel.',
  changed: (name: string, value: string) => `✓ ${name}, ab jetzt: ${value}.`,
  undone: (name: string, value: string) => `↩ ${name} wie vorher: ${value}.`,
  changedSince: 'Inzwischen gibt es neuere Änderungen. Der Verlauf zeigt sie dir.',
  history: 'Die neuesten Änderungen:',
  historyLine: (day: string, who: string, name: string, value: string) =>
    `${day}, ${who}: ${name} auf ${value}`,
  taken: '(zurückgenommen)',
  noHistory: 'Im Chat wurde noch nichts geändert.',
  somebody: 'jemand',
  nextDrafts: (days: readonly string[]) => `Die nächsten Entwürfe: ${days.join('; ')}`,
  howToSchedule: 'So änderst du ihn: /schedule werktags um 9 und 18:30',
  cancelled: 'In Ordnung, die Einstellung bleibt, wie sie ist.',
};
