import {
  blur,
  box,
  disc,
  fade,
  fir,
  glow,
  haze,
  land,
  oval,
  ridge,
  type Scene,
  seeded,
  thinOut,
} from './paint.ts';

/** Sunrise over mountains, one behind the other in the mist. */
export function sunriseOverMountains(): Scene {
  const size = { width: 1800, height: 1200 };
  const random = seeded(11);
  const colours = ['#d9a78f', '#b98a8c', '#8f7388', '#665d7d', '#42496b', '#262f4c'];
  const mist = ['#fbdcb4', '#f3cfb3', '#d9b9b4', '#b8a5b4', '#7f84a2', '#3a4768'];
  const layers = colours.map((colour, index) => {
    const heightAt = ridge(random, {
      width: size.width,
      base: 560 + index * 105,
      swing: 58 + index * 6,
      rough: 0.5 + index * 0.012,
    });
    const gradient = fade(`m${index}`, `0 ${colour}`, `0.45 ${colour}`, `1 ${mist[index]}`);
    const trees =
      index < 4
        ? ''
        : Array.from({ length: index === 4 ? 90 : 64 }, () => {
            const x = random() * size.width;
            const tall = (index === 4 ? 26 : 60) * (0.6 + random() * 0.9);
            return fir(random, x, heightAt(x) + tall * 0.25, tall, colour);
          }).join('');
    const veil = oval(
      size.width * (0.2 + random() * 0.6),
      690 + index * 95,
      900,
      60,
      mist[index] ?? '',
      `opacity="0.5" filter="url(#soft)"`,
    );
    return `<defs>${gradient}</defs>${trees}${land(size, heightAt, `url(#m${index})`)}${index < 5 ? veil : ''}`;
  });
  const content = `<defs>${fade('sky', '0 #3f5f93', '0.22 #7f8fb3', '0.38 #e3b2a0', '0.5 #fdd79a', '0.6 #fff0c4')}${glow('sun', '0 #fffbe6', '0.08 #fff3c0 0.95', '0.3 #ffd88a 0.45', '1 #ffb870 0')}${blur('soft', 40, 26)}${thinOut}${haze('cirrus', '0.0016 0.011', '#ffe3cf', 0.66, 4)}</defs>
    ${box(0, 0, size.width, size.height, 'url(#sky)')}<g mask="url(#thin-out)">${box(0, 0, size.width, 640, '#fff', 'filter="url(#cirrus)" opacity="0.55"')}</g>
    ${disc(1130, 470, 720, 'url(#sun)')}${disc(1130, 470, 46, '#fffdf0')}${layers.join('')}
    ${disc(1130, 520, 620, 'url(#sun)', 'opacity="0.35"')}`;
  return { ...size, content };
}
