import { blur, box, disc, fade, glow, haze, oval, type Scene, shape, thinOut } from './paint.ts';

/** Dunes in low light, three times as wide as high. */
export function dunes(): Scene {
  const size = { width: 2400, height: 800 };
  const crest = (points: string, lit: string, dark: string, shadow: string): string =>
    `<path d="${points}L2420 820L-20 820Z" fill="${lit}"/><path d="${shadow}" fill="${dark}"/>`;
  const content = `<defs>${fade('sky', '0 #5b83b8', '0.35 #a9bdd0', '0.6 #f3d9b8')}${glow('sun', '0 #fff8e0', '0.1 #fff0c8 0.9', '1 #ffdca0 0')}
    ${['#e9b98a #d9a070', '#e8a765 #c8793e', '#f0b06a #c06c30', '#f3b872 #b65c26'].map((pair, index) => fade(`l${index}`, `0 ${pair.split(' ')[0]}`, `1 ${pair.split(' ')[1]}`)).join('')}
    ${['#b98b78 #c99a77', '#95593f #b8743f', '#7c4330 #a35f35', '#5b2e25 #8e4c2b'].map((pair, index) => fade(`d${index}`, `0 ${pair.split(' ')[0]}`, `1 ${pair.split(' ')[1]}`)).join('')}
    ${haze('ripple', '0.004 0.075', '#6b3418', 0.5, 8)}${thinOut}${haze('cloud', '0.0012 0.009', '#ffffff', 0.6, 12)}${blur('soft', 1.3)}${fade('down', '0 #000 0', '0.45 #fff 0', '1 #fff 1')}<mask id="near">${box(0, 0, 2400, 800, 'url(#down)')}</mask></defs>
    ${box(0, 0, 2400, 800, 'url(#sky)')}<g mask="url(#thin-out)">${box(0, 0, 2400, 460, '#fff', 'filter="url(#cloud)" opacity="0.5"')}</g>${disc(1890, 330, 520, 'url(#sun)')}
    <g filter="url(#soft)">
    ${crest('M-20 420C200 372 320 350 520 392C760 440 900 372 1120 352C1360 332 1500 420 1760 400C2000 380 2200 352 2420 396', 'url(#l0)', 'url(#d0)', 'M520 392C760 440 900 372 1120 352C1040 400 1010 440 860 470C740 470 620 430 520 392ZM1760 400C2000 380 2200 352 2420 396L2420 450C2200 430 1960 440 1760 400Z')}
    ${crest('M-20 520C220 470 420 400 700 372C800 364 860 420 1040 470C1280 536 1500 470 1780 440C2040 412 2240 460 2420 500', 'url(#l1)', 'url(#d1)', 'M700 372C800 364 860 420 1040 470C1280 536 1500 500 1640 480C1500 600 1200 660 960 640C800 610 820 480 700 372Z')}
    ${crest('M-20 600C200 640 520 640 820 590C1120 540 1300 452 1560 420C1660 410 1740 500 1920 560C2100 620 2300 600 2420 580', 'url(#l2)', 'url(#d2)', 'M1560 420C1660 410 1740 500 1920 560C2100 620 2300 600 2420 580L2420 760C2200 740 1900 760 1740 700C1600 640 1680 520 1560 420Z')}
    ${crest('M-20 560C180 520 330 540 520 610C760 700 1100 720 1420 690C1800 650 2100 690 2420 740', 'url(#l3)', 'url(#d3)', 'M-20 560C180 520 330 540 520 610C760 700 1000 716 1200 712C1000 800 700 830 420 830L-20 830Z')}</g>
    <g mask="url(#near)">${box(0, 330, 2400, 470, '#fff', 'filter="url(#ripple)" opacity="0.42"')}</g>
    ${[0, 1, 2, 3, 4]
      .map(
        (index) =>
          `${oval(1185 + index * 44, 536 - index * 12, 11, 8, '#3a1f18')}${box(1178 + index * 44, 538 - index * 12, 3, 20, '#3a1f18')}${box(1190 + index * 44, 538 - index * 12, 3, 20, '#3a1f18')}${shape(
            [
              [1193 + index * 44, 536 - index * 12],
              [1203 + index * 44, 519 - index * 12],
              [1208 + index * 44, 520 - index * 12],
              [1199 + index * 44, 540 - index * 12],
            ],
            '#3a1f18',
          )}`,
      )
      .join('')}
    ${disc(1890, 330, 900, 'url(#sun)', 'opacity="0.3"')}`;
  return { ...size, content };
}
