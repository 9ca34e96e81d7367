// Small comforts; every page works without them.
"use strict";
// The words of a text and the row that tells of them light up together.
for (const mark of document.querySelectorAll("mark[data-m]")) {
  const rows = mark.dataset.m.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  mark.addEventListener("mouseenter", () => rows.forEach((row) => row.classList.add("lit")));
  mark.addEventListener("mouseleave", () => rows.forEach((row) => row.classList.remove("lit")));
}
