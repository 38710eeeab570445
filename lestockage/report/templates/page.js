"use strict";
(() => {
  const root = document.documentElement;

  // Theme: the system's, until somebody chooses; a file that is opened from disk may not be allowed to remember.
  const theme = document.getElementById("theme");
  const remembered = { get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
                       set: (name) => { try { localStorage.setItem("theme", name); } catch { /* not remembered */ } } };
  const isDark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => { theme.textContent = isDark() ? "Light theme" : "Dark theme"; };
  if (["light", "dark"].includes(remembered.get())) root.dataset.theme = remembered.get();
  theme.hidden = false;
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; remembered.set(root.dataset.theme); label(); });
  label();

  // Tables: a search that keeps the rows that have every word, and headings that sort.
  for (const block of document.querySelectorAll(".table")) {
    const body = block.querySelector("tbody");
    const rows = [...body.rows];
    const count = block.querySelector(".count");
    const all = count.textContent;
    const search = block.querySelector("input");
    if (search) {
      search.closest("label").hidden = false;
      const texts = rows.map((row) => row.textContent.toLowerCase());
      search.addEventListener("input", () => {
        const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        rows.forEach((row, number) => {
          row.hidden = !words.every((word) => texts[number].includes(word));
          shown += !row.hidden;
        });
        count.textContent = words.length ? `${shown} of ${rows.length} rows shown` : all;
      });
    }
    block.querySelectorAll("thead th").forEach((heading, column) => {
      const isNumber = heading.classList.contains("number") || heading.classList.contains("percent");
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const before = heading.getAttribute("aria-sort");
        const order = before ? (before === "ascending" ? "descending" : "ascending") : isNumber ? "descending" : "ascending";
        block.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", order);
        const key = (row) => (isNumber ? row.cells[column].dataset.key : row.cells[column].textContent);
        const sign = order === "ascending" ? 1 : -1;
        const sorted = [...rows].sort((a, b) => {
          const [x, y] = [key(a), key(b)];
          if (isNumber) {
            if (x === "" || y === "") return (x === "") - (y === "");
            return sign * (Number(x) - Number(y));
          }
          return sign * x.localeCompare(y);
        });
        body.append(...sorted);
      });
    });
  }

  // Charts: what a mark is, under the pointer or the finger.
  const tip = document.getElementById("tip");
  const show = (event) => {
    const mark = event.target.closest?.("figure svg [aria-label]");
    if (!mark) { tip.hidden = true; return; }
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${event.clientY + 16 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 16}px`;
  };
  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true, capture: true });
})();
