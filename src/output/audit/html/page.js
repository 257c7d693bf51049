"use strict";
// Sorting and filtering of the table. Without this script the page has everything, in the report's order.
(() => {
  const table = document.getElementById("certificates");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];

  const tools = document.createElement("div");
  tools.className = "tools";
  const label = document.createElement("label");
  label.htmlFor = "filter";
  label.textContent = "Show rows with";
  const input = document.createElement("input");
  input.id = "filter";
  input.type = "search";
  input.placeholder = "a name, role, file or finding";
  const shown = document.createElement("span");
  shown.className = "faint";
  shown.setAttribute("role", "status");
  tools.append(label, input, shown);
  table.before(tools);

  const texts = new Map();
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => textOf(row).includes(word));
      number += row.hidden ? 0 : 1;
    }
    shown.textContent = words.length ? `${number} of ${rows.length}` : "";
  });

  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
  const collator = new Intl.Collator("en", { numeric: true });
  const isNumber = (text) => /^-?\d+$/.test(text);
  const compare = (a, b) => (isNumber(a) && isNumber(b) ? a - b : collator.compare(a, b));
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sorted = [...rows].sort((a, b) => compare(key(a, column), key(b, column)));
      if (down) sorted.reverse();
      body.append(...sorted);
    });
  });
})();
