import type { PlaceStatsWords, StatsWords } from '#bot/words/views.ts';
import { counted, money, place } from './phrases.ts';

/** The answer to `/stats`. */
export const stats = {
  text: (view: StatsWords) =>
    [
      `Deine Beiträge: ${view.thisMonth} in diesem Monat, ${view.inAll} insgesamt.`,
      ...(view.places.length > 0
        ? [`So viele kamen in den letzten zwölf Monaten an:\n${view.places.map(arrived).join('\n')}`]
        : []),
      [
        ...(view.medianSeconds === undefined
          ? []
          : [
              `Vom Antippen (oder der geplanten Zeit), bis es draußen ist: meist ${duration(view.medianSeconds)}`,
            ]),
        ...(view.spending === undefined ? [] : [cost(view.spending, view.thisMonth)]),
        `Im Kanal: ${view.reactions === 0 ? 'noch keine Reaktionen' : reactions(view.reactions)}`,
      ].join('\n'),
    ].join('\n\n'),
  /** Above the posts that people liked. */
  mostLiked: 'Was am besten ankam:',
  reactions,
};

function arrived({ name, published, settled }: PlaceStatsWords): string {
  return `${place(name)}: ${Math.floor((100 * published) / settled)} % (${published} von ${settled})`;
}

function duration(seconds: number): string {
  if (seconds < 1) return 'weniger als eine Sekunde';
  return seconds < 120
    ? counted(Math.round(seconds), 'Sekunde', 'Sekunden')
    : counted(Math.round(seconds / 60), 'Minute', 'Minuten');
}

function cost({ dollars, isComplete }: NonNullable<StatsWords['spending']>, posts: number): string {
  const each = posts === 0 ? '' : `, ${money(dollars / posts)} pro Beitrag`;
  const rest = isComplete ? '' : ', ohne OpenAI: Ich weiß nicht, was dieses Modell kostet';
  return `KI in diesem Monat: ${money(dollars)}${each}${rest}`;
}

function reactions(count: number): string {
  return counted(count, 'Reaktion', 'Reaktionen');
}
