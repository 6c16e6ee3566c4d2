import { blur, box, disc, fade, glow, oval, round, type Scene, seeded, shape } from './paint.ts';

/** A path through an autumn forest towards the light. */
export function autumnPath(): Scene {
  const size = { width: 1200, height: 1800 };
  const random = seeded(37);
  const leaves = ['#e8872c', '#f2a93b', '#d2602a', '#f6c65b', '#b8432a', '#8f3a22', '#fbdc86'];
  const pick = (): string => leaves[Math.floor(random() * leaves.length)] ?? '#e8872c';
  const layers = [0, 1, 2, 3, 4].map((near) => {
    const shade = ['#d3a564', '#a9733f', '#74482a', '#4a2d1e', '#291912'][near] ?? '#291912';
    const foot = 1080 + near * near * 34;
    const trunks = Array.from({ length: [34, 24, 14, 9, 5][near] ?? 5 }, () => {
      const side = random() < 0.5 ? -1 : 1;
      const x = 600 + side * (46 + near * 62 + random() * (520 - near * 10));
      const wide = (8 + near * near * 3.4) * (0.7 + random() * 0.6);
      const lean = (random() - 0.5) * 60;
      return shape(
        [
          [x - wide * 0.35 + lean, -20],
          [x + wide * 0.35 + lean, -20],
          [x + wide * 0.5, foot],
          [x + wide * 0.9, foot + 14],
          [x - wide * 0.9, foot + 14],
          [x - wide * 0.5, foot],
        ],
        shade,
      );
    });
    const crowns = Array.from({ length: 420 }, () => {
      const across = random() * 2 - 1;
      const x = 600 + across * 680;
      const deep = 420 + Math.abs(across) ** 1.3 * (420 + near * 40) + random() * 300 - near * 60;
      const big = (9 + near * 4) * (0.5 + random());
      return oval(x, random() * deep, big * 1.3, big, pick(), `opacity="${round(0.55 + random() * 0.4)}"`);
    });
    return `<g filter="url(#b${near})">${trunks.join('')}${crowns.join('')}</g>`;
  });
  const shrubs = Array.from({ length: 260 }, () => {
    const across = random() * 2 - 1;
    const big = 14 + random() * 26;
    return oval(
      600 + Math.sign(across) * (60 + Math.abs(across) * 560),
      1090 - random() * 90 * Math.abs(across) - big * 0.3,
      big * 1.4,
      big,
      pick(),
      'opacity="0.45" filter="url(#b1)"',
    );
  });
  const fallen = Array.from({ length: 1700 }, () => {
    const depth = random() ** 1.5;
    const big = 2 + depth * 13;
    return oval(
      random() * 1200,
      1085 + depth * 730,
      big * 1.5,
      big * 0.55,
      pick(),
      `opacity="${round(0.5 + random() * 0.5)}" transform="rotate(${round(random() * 40 - 20)} 600 1400)"`,
    );
  });
  const content = `<defs>${fade('air', '0 #f7d58a', '0.5 #fff0c2', '0.62 #f6cf86', '1 #c08a4a')}${fade('floor', '0 #e0a552', '0.3 #b06a30', '1 #57301b')}${fade('way', '0 #fbe6b4', '0.25 #d7ad79', '1 #6b4b38')}
    ${glow('sun', '0 #fffdf0', '0.25 #fff2c4 0.85', '1 #ffd98a 0')}${[9, 6, 4, 2.2, 3].map((by, near) => blur(`b${near}`, by)).join('')}${blur('soft', 16)}${blur('leaf', 1.2)}${fade('dark', '0 #1d0f08 0.25', '0.3 #1d0f08 0', '0.8 #1d0f08 0', '1 #1d0f08 0.55')}</defs>
    ${box(0, 0, 1200, 1800, 'url(#air)')}${disc(600, 900, 560, 'url(#sun)')}${box(-60, 1080, 1320, 760, 'url(#floor)', 'filter="url(#soft)"')}${shrubs.join('')}
    ${layers.slice(0, 3).join('')}<path d="M585 1080C620 1180 500 1260 470 1400C430 1570 250 1700 130 1820L1080 1820C960 1680 800 1560 760 1400C730 1270 670 1180 618 1080Z" fill="url(#way)" filter="url(#soft)"/>
    <g filter="url(#leaf)">${fallen.join('')}</g><path d="M590 1080C620 1200 540 1280 520 1420C490 1600 400 1700 330 1820L880 1820C820 1680 730 1560 710 1420C690 1270 650 1180 612 1080Z" fill="url(#way)" opacity="0.62" filter="url(#soft)"/>
    ${layers.slice(3).join('')}${disc(600, 960, 600, 'url(#sun)', 'opacity="0.45"')}${box(0, 0, 1200, 1800, 'url(#dark)')}`;
  return { ...size, content };
}
