"use strict";
// Runs in the stage around the frames, so that the page's own policy need not let it in.
const parse = (colour) => {
  const parts = colour.match(/[\d.]+/g).map(Number);
  return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
};
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};
const overlap = (a, b) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;

const measure = (frame) => {
  const view = frame.contentWindow;
  const page = frame.contentDocument;
  const style = (element) => view.getComputedStyle(element);
  const isShown = (element) => element.getClientRects().length > 0;
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(style(at).backgroundColor);
      if (colour.alpha > 0) return colour.rgb;
    }
    return [255, 255, 255];
  };
  const facts = { width: frame.clientWidth, scheme: frame.dataset.scheme };
  facts.scrollWidth = page.documentElement.scrollWidth;
  facts.background = style(page.body).backgroundColor;
  facts.title = page.title;
  facts.lang = page.documentElement.lang;
  facts.headings = [...page.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter(isShown).map((head) => [Number(head.tagName[1]), head.innerText]);
  facts.requests = view.performance.getEntriesByType("resource").map((entry) => entry.name);
  facts.addresses = [...page.querySelectorAll("[src],[href],[action],[data],[srcset]")].map((element) => element.outerHTML);
  facts.scripts = page.scripts.length;
  facts.strange = page.querySelectorAll("img,iframe,object,embed,form,base,link,[onclick],[onerror],[onload],[style]").length;

  // Letters: contrast, and size as it is seen.
  facts.faint = [];
  facts.small = [];
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !isShown(element) || ["SCRIPT", "STYLE", "title"].includes(element.tagName)) continue;
    const chart = element.closest("svg");
    const letters = parse(chart ? style(element).fill : style(element).color);
    const ratio = contrast(letters.rgb, ground(element));
    if (ratio < 4.5 || letters.alpha < 1) facts.faint.push([text.slice(0, 40), ratio]);
    const scale = chart ? chart.getBoundingClientRect().width / chart.viewBox.baseVal.width : 1;
    const size = parseFloat(style(element).fontSize) * scale;
    if (size < 9.7) facts.small.push([text.slice(0, 40), size]);
  }

  // Drawings.
  facts.charts = [...page.querySelectorAll("svg.chart")].filter(isShown).map((chart) => {
    const edge = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
    const overlapping = [];
    texts.forEach(([words, box], index) => {
      for (const [others, other] of texts.slice(index + 1)) if (overlap(box, other)) overlapping.push([words, others]);
    });
    const outside = texts.filter(([, box]) => box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1).map(([words]) => words);
    const of = (name) => [...chart.querySelectorAll(name)];
    const left = (name) => of(name).map((element) => element.getBoundingClientRect().left - edge.left);
    const right = (name) => of(name).map((element) => element.getBoundingClientRect().right - edge.left);
    const classes = (name) => of(name).map((element) => element.getAttribute("class"));
    return {
      label: chart.getAttribute("aria-label"), role: chart.getAttribute("role"),
      class: chart.getAttribute("class"), width: edge.width, height: edge.height, overlapping, outside,
      names: of(".name").map((text) => text.textContent), ends: of(".end").map((text) => text.textContent),
      bars: classes(".bar"), barLeft: left(".bar"), barRight: right(".bar"), signs: classes(".sign"),
      now: left(".now")[0], near: [left(".near")[0], right(".near")[0]],
      marks: of(".mark").map((text) => text.textContent),
      titles: of("title").map((title) => title.textContent),
      nameRight: right(".name"),
    };
  });

  // The table, and the script that sorts and filters it.
  const table = page.getElementById("certificates");
  if (table) {
    const rows = () => [...table.tBodies[0].rows].filter(isShown);
    const first = () => rows()[0].cells[0].querySelector("summary").textContent;
    facts.rows = rows().length;
    facts.firstRow = first();
    facts.tableRole = table.getAttribute("role");
    facts.heads = [...table.tHead.rows[0].cells].map((head) => [head.scope, head.innerText]);
    facts.rowDisplay = style(rows()[0]).display;
    facts.rowHeight = rows()[0].getBoundingClientRect().height;
    const buttons = [...table.tHead.querySelectorAll("button")];
    facts.sorted = buttons.map((button) => {
      button.click();
      const up = [button.closest("th").ariaSort, first()];
      button.click();
      return [button.textContent, up, [button.closest("th").ariaSort, first()]];
    });
    const details = rows()[0].querySelector("details");
    details.open = true;
    facts.details = details.querySelector("dl").innerText;
    facts.scrollWidthOpen = page.documentElement.scrollWidth;
    facts.buttons = buttons.length;
    const input = page.getElementById("filter");
    facts.hasFilter = input !== null;
    if (input) {
      facts.filterLabel = page.querySelector("label[for=filter]")?.textContent;
      input.value = "REGISTRY Server";
      input.dispatchEvent(new view.Event("input"));
      facts.filtered = rows().length;
      facts.status = page.querySelector("[role=status]").textContent;
      input.value = "";
      input.dispatchEvent(new view.Event("input"));
      facts.unfiltered = rows().length;
    }
  }
  for (const details of page.querySelectorAll("details")) details.open = true;
  facts.scrollWidthAllOpen = page.documentElement.scrollWidth;
  facts.findings = [...page.querySelectorAll(".finding")].map((finding) => finding.innerText);
  facts.treeItems = page.querySelectorAll(".tree li").length;
  facts.treeDepth = page.querySelectorAll(".tree ul ul > li").length;
  facts.text = page.body.innerText;
  return facts;
};

addEventListener("load", () => {
  const facts = document.createElement("pre");
  facts.id = "facts";
  let measured;
  try {
    measured = [...document.querySelectorAll("iframe")].map(measure);
  } catch (error) {
    measured = [{ error: `${error}\n${error.stack}` }];
  }
  facts.textContent = JSON.stringify(measured);
  document.body.append(facts);
});
