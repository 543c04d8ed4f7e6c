// What is wrong with a page, as a list of sentences.
(async () => {
  const problems = [];
  const root = document.documentElement;
  const sideways = when => {
    if (root.scrollWidth > root.clientWidth) {
      problems.push(`scrolls sideways ${when}: ${root.scrollWidth} > ${root.clientWidth}`);
    }
  };
  sideways("closed");
  document.querySelectorAll("details").forEach(details => { details.open = true; });
  sideways("open");

  for (const image of document.images) {
    await image.decode().catch(() => {});
    if (image.naturalWidth === 0) problems.push("picture not decoded: " + image.src.slice(0, 60));
    if (!image.hasAttribute("alt")) problems.push("picture without alt");
  }

  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) problems.push(`h${next} after h${level}: ${heading.textContent}`);
    level = next;
  }
  if (document.querySelectorAll("h1").length !== 1) problems.push("not one h1");

  const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => problems.push("id twice: " + id));
  document.querySelectorAll("a[href^='#']").forEach(link => {
    if (!document.getElementById(link.hash.slice(1))) problems.push("link to nothing: " + link.hash);
  });
  if (!root.lang) problems.push("no lang");
  if (!document.title) problems.push("no title");
  document.querySelectorAll("svg").forEach(svg => {
    if (!svg.getAttribute("aria-label")) problems.push("svg without label");
  });

  const parse = color => {
    const parts = (color.match(/[\d.]+/g) || []).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length < 3 ? 0 : parts.length > 3 ? parts[3] : 1 };
  };
  const luminance = rgb => {
    const [r, g, b] = rgb.map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = element => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.alpha > 0.99) return color.rgb;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.getClientRects().length || element.closest("title")) continue;
    const style = getComputedStyle(element);
    const ink = parse(element.closest("svg") ? style.fill : style.color).rgb;
    const [dark, light] = [luminance(ink), luminance(background(element))].sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) problems.push(`contrast ${contrast.toFixed(2)}: ${node.data.trim().slice(0, 40)}`);
  }
  return problems;
})()
