/** What can be said about a picture. */
export interface SightText {
  /** One line as BLIP-2 describes a picture: lower case, no full stop. */
  readonly description: string;
  /** The answer to a question about the mood. */
  readonly mood: string;
  /** Captions as a person would write them, none twice. */
  readonly captions: readonly string[];
  readonly altText: string;
  /** With the sign, as they are posted. */
  readonly hashtags: readonly string[];
}

/** The texts for the sample photos, by file name. */
export const sightTexts: Readonly<Record<string, SightText>> = {
  'sunrise-over-the-ridge.jpg': {
    description: 'the sun is rising over a mountain range in the mist',
    mood: 'peaceful',
    captions: [
      'First light, and the valleys are still asleep under the mist.',
      'Ridge after ridge, each one a little lighter than the last. Worth the alarm clock.',
      'The sun cleared the mountains and for a minute nobody said a word.',
      'Five in the morning, cold fingers, and the whole range to myself.',
      'Morning arrives up here long before it reaches the valley.',
      'Some days begin quietly and still take up the whole sky.',
    ],
    altText:
      'The sun rises behind layered mountain ridges; mist fills the valleys and firs stand dark in front.',
    hashtags: ['#sunrise', '#mountains', '#mist', '#goldenhour', '#landscapephotography'],
  },
  'harbour-at-dusk.jpg': {
    description: 'a harbour at dusk with sailboats and town lights reflected in the water',
    mood: 'calm and nostalgic',
    captions: [
      'The harbour puts its lights on, and the water keeps a copy of each.',
      'A quarter of an hour after sunset, when the town turns violet and nobody is in a hurry.',
      'No wind tonight, so the boats get to see themselves.',
      'Evening in the harbour: one window after the other, until the whole bay glows.',
      'The day went out with the tide. The lights stayed.',
    ],
    altText:
      'A row of houses with lit windows and a church spire at dusk, mirrored in the still water of a harbour.',
    hashtags: ['#harbour', '#dusk', '#bluehour', '#reflections', '#sailing'],
  },
  'DSC_0412.jpg': {
    description: 'a red and white lighthouse on a rocky shore at sunset',
    mood: 'serene',
    captions: [
      'Someone still leaves the light on for the boats.',
      'Red, white and a sky that could not make up its mind.',
      'The last of the sun on the rocks, the first of the lamp above them.',
      'It has stood in every storm for a hundred years. Tonight it only had to look good.',
      'Out here the evening ends with one steady light.',
    ],
    altText:
      'A red and white striped lighthouse with its lamp lit stands on dark rocks before a pink evening sky.',
    hashtags: ['#lighthouse', '#coast', '#sunset', '#seascape', '#eveninglight'],
  },
  'IMG_20261018_161204.jpg': {
    description: 'a path through a forest with orange leaves in autumn',
    mood: 'warm and dreamy',
    captions: [
      'The one week of the year when the way home is paved in gold.',
      'Walk slowly here. The leaves do not stay long.',
      'October, doing what October does best.',
      'Somewhere at the end of this path there is a pot of tea.',
      'Follow the light; the forest has already rolled out the carpet.',
    ],
    altText: 'A leaf-strewn path leads between dark trunks under orange foliage towards a bright opening.',
    hashtags: ['#autumn', '#forest', '#fallcolours', '#woodlandwalk', '#october'],
  },
  'dunes-panorama.jpg': {
    description: 'a caravan of camels walking across sand dunes in the desert',
    mood: 'vast and quiet',
    captions: [
      'Five camels, a thousand dunes, and all the time in the world.',
      'The wind draws these lines again every night.',
      'In the late light the desert is nothing but curves.',
      'You only see how big it is when something small walks through it.',
      'Sand in the shoes for a week. No regrets.',
    ],
    altText:
      'A wide view of orange sand dunes with long shadows; a small caravan of camels walks along a slope.',
    hashtags: ['#desert', '#dunes', '#panorama', '#camels', '#travelphotography'],
  },
  'DSC_0977.jpg': {
    description: 'a person with a red umbrella walking down a wet city street at night',
    mood: 'moody and romantic',
    captions: [
      'When it rains, the city gets twice as many lights.',
      'One red umbrella against the whole November.',
      'Wet streets, warm lights, and the long way home.',
      'Everyone else was looking for shelter. I was looking for this.',
      'The rain turned the pavement into a second sky.',
    ],
    altText:
      'A figure with a red umbrella on a wet street at night; coloured lights blur behind and in the puddles.',
    hashtags: ['#rain', '#citylights', '#bokeh', '#nightphotography', '#streetphotography'],
  },
  'cabin-under-stars.jpg': {
    description: 'a log cabin in the snow at night under a starry sky',
    mood: 'cosy',
    captions: [
      'Three lit windows, a full woodpile, and the Milky Way for a roof.',
      'Minus eighteen outside. Inside, somebody has just put the kettle on.',
      'The quietest night of the winter, and every star came to see it.',
      'Follow the footprints; the door is open and the stove is warm.',
      'Far enough from everything to count the stars, and to lose count.',
    ],
    altText: 'A snow-covered log cabin with glowing windows among firs at night, the Milky Way above.',
    hashtags: ['#winter', '#cabin', '#stars', '#milkyway', '#snow'],
  },
  'DSCF3320.jpg': {
    description: 'a single tree standing in a field of wheat under a cloudy blue sky',
    mood: 'tranquil',
    captions: [
      'One tree, one field, and nothing that needs to be done today.',
      'It has had this view to itself for sixty summers.',
      'June, when the barley sounds like the sea.',
      'The only shade for a mile, and it knows it.',
      'Sometimes the picture is just one tree and a lot of sky.',
    ],
    altText:
      'A single round-crowned tree stands in a golden field of grain under a blue sky with soft clouds.',
    hashtags: ['#lonetree', '#summer', '#field', '#minimalism', '#countryside'],
  },
};
