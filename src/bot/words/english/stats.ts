import type { PlaceStatsWords, StatsWords } from '#bot/words/views.ts';
import { counted, money, place } from './phrases.ts';

/** The answer to `/stats`. */
export const stats = {
  text: (view: StatsWords) =>
    [
      `Your posts: ${view.thisMonth} this month, ${view.inAll} in all.`,
      ...(view.places.length > 0
        ? [`How many arrived in the last twelve months:\n${view.places.map(arrived).join('\n')}`]
        : []),
      [
        ...(view.medianSeconds === undefined
          ? []
          : [`From your tap (or the planned time) until it is out: usually ${duration(view.medianSeconds)}`]),
        ...(view.spending === undefined ? [] : [cost(view.spending, view.thisMonth)]),
        `In the channel: ${view.reactions === 0 ? 'no reactions yet' : reactions(view.reactions)}`,
      ].join('\n'),
    ].join('\n\n'),
  /** Above the posts that people liked. */
  mostLiked: 'What people liked most:',
  reactions,
};

function arrived({ name, published, settled }: PlaceStatsWords): string {
  return `${place(name)}: ${Math.floor((100 * published) / settled)}% (${published} of ${settled})`;
}

function duration(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  return seconds < 120 ? counted(Math.round(seconds), 'second') : counted(Math.round(seconds / 60), 'minute');
}

function cost({ dollars, isComplete }: NonNullable<StatsWords['spending']>, posts: number): string {
  const each = posts === 0 ? '' : `, ${money(dollars / posts)} a post`;
  const rest = isComplete ? '' : ', not counting OpenAI: I do not know what this model costs';
  return `AI this month: ${money(dollars)}${each}${rest}`;
}

function reactions(count: number): string {
  return counted(count, 'reaction');
}
