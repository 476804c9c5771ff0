// What makes reading quicker. Every page works without it.
"use strict";

document.documentElement.classList.add("js");

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const typing = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]");

function say(words) {
  document.querySelector(".toast")?.remove();
  const toast = Object.assign(document.createElement("div"), { className: "toast", textContent: words });
  toast.setAttribute("role", "status");
  document.body.append(toast);
  setTimeout(() => toast.remove(), Math.max(1800, words.length * 150)); // long enough to be read
}

async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say("浏览器不允许复制，请选中后按 Ctrl+C");
  }
}

// ---- an address without the fields left empty
for (const form of all("form[data-tidy]")) {
  form.addEventListener("submit", () => {
    const empty = all("input, select", form).filter((field) => field.name && !field.value);
    for (const field of empty) field.disabled = true;
    setTimeout(() => empty.forEach((field) => (field.disabled = false)));
  });
}

// ---- what to type on with: names, titles and words of the library, by character or pinyin
for (const field of all("input[data-suggest]")) {
  const list = document.getElementById(field.getAttribute("list"));
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = field.value.split(/[\s"“”()（）]+/).at(-1);
      const address = new URL(field.dataset.suggest, location);
      for (const [name, value] of new FormData(field.form)) if (value) address.searchParams.append(name, value);
      address.searchParams.set("q", typed);
      const found = typed ? await (await fetch(address)).json() : [];
      const before = field.value.slice(0, field.value.length - typed.length);
      list.replaceChildren(
        ...found.map((one) => {
          const option = new Option(`${one.text}　${one.total} 篇`, before + one.text);
          option.label = `${one.text}　${one.total} 篇`;
          return option;
        }),
      );
    }, 120);
  });
}

// ---- a very long article is shown leaf by leaf: an address leads to the leaf that has it
const leaf = document.querySelector("article[data-leaf]");
function toLeaf() {
  const [, kind, number] = location.hash.match(/^#(b|hit-)(\d+)$/) ?? [];
  if (!leaf || !kind || document.getElementById(location.hash.slice(1))) return;
  const list = leaf.dataset[kind === "b" ? "starts" : "hits"].split(" ").map(Number);
  let [part, sum] = [0, 0];
  if (kind === "b") part = list.filter((start) => start <= Number(number)).length;
  else part = 1 + list.findIndex((count) => (sum += count) >= Number(number));
  if (part < 1 || part === Number(leaf.dataset.leaf)) return;
  const address = new URL(location);
  address.searchParams.delete("block");
  address.searchParams.set("part", part);
  location.replace(address);
}
if (leaf) {
  addEventListener("hashchange", toLeaf);
  toLeaf();
}

// ---- places found: n and p, and one bar that follows
function followHits() {
  const hits = all("mark.hit[id]");
  if (!hits.length) return;
  const before = Number(hits[0].dataset.hit) - 1; // places on the leaves before
  let at = -1;

  function show(number) {
    if (number < 0 || number >= hits.length) return;
    all(".here:is(mark, .hop)").forEach((each) => each.classList.remove("here"));
    at = number;
    all(`mark[data-hit="${before + at + 1}"]`).forEach((each) => each.classList.add("here"));
    hits[at].nextElementSibling.classList.add("here");
  }

  function fromAddress() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    show(hits.findIndex((hit) => hit === target || target.contains(hit)));
  }

  function go(number) {
    if (number < 0 || number >= hits.length) {
      const [edge, way] = number < 0 ? [hits[0], "prev"] : [hits.at(-1), "next"];
      const link = edge.nextElementSibling?.querySelector(`a[rel=${way}]`);
      if (link && !link.getAttribute("href").startsWith("#")) location.assign(link.href);
      return;
    }
    show(number);
    history.replaceState(null, "", `#${hits[at].id}`);
    hits[at].scrollIntoView({ block: "center" });
  }

  document.addEventListener("keydown", (event) => {
    if (typing(event)) return;
    if (event.key === "n") go(at + 1);
    if (event.key === "p") go(at < 0 && !before ? 0 : at - 1);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".hop a, a.first-hit");
    if (!link || !link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    go(Number(link.hash.replace("#hit-", "")) - 1 - before);
  });
  all(".keys").forEach((each) => (each.hidden = false));
  addEventListener("hashchange", fromAddress);
  fromAddress();
}
followHits();

// ---- the concordance: rows by keyboard, and a count that goes on until it is whole
async function quoted(link) {
  const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
  const lines = all("#quotation p", page).map((line) => line.textContent.trim());
  copy(lines.join("\n"), "引文已复制");
}
function followRows() {
  const rows = () => all(".kwic tbody tr");
  if (!rows().length) return;
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let here = target?.closest(".kwic tr") ?? null;
  const show = (row) => {
    if (!row) return;
    here?.classList.remove("here");
    here = row;
    here.classList.add("here");
    here.querySelector("summary, .hit a").focus({ preventScroll: true });
    here.scrollIntoView({ block: "nearest" });
  };
  const turn = (way) => document.querySelector(`.pages a[rel=${way}]`)?.click();
  document.addEventListener("keydown", (event) => {
    if (typing(event)) return;
    const [list, number] = [rows(), Number(event.key)];
    const at = list.indexOf(here);
    if (event.key === "n") at + 1 < list.length ? show(list[at + 1]) : turn("next");
    if (event.key === "p") at > 0 ? show(list[at - 1]) : at === 0 && turn("prev");
    if (at < 0) return;
    const opened = here.querySelector("details");
    if (event.key === "o" && opened) opened.open = !opened.open;
    if (event.key === "c" && opened) quoted(here.querySelector("a.quote"));
    if (number >= 1 && number <= 3) all(".marks button", here)[number - 1]?.click();
  });
}
async function countOn() {
  if (!document.querySelector("[data-counting]")) return;
  const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const touched = document.querySelector(".kwic details[open], .kwic tr.here, .kwic :focus");
  for (const id of ["counted", ...(touched ? [] : ["listed"])]) {
    document.getElementById(id).replaceWith(document.importNode(fresh.getElementById(id), true));
  }
  all(".keys").forEach((each) => (each.hidden = false));
  setTimeout(countOn, 200);
}
if (document.getElementById("listed")) {
  all(".keys").forEach((each) => (each.hidden = false));
  followRows();
  countOn();
}

// ---- copying the citation, and a paragraph's permanent address
for (const button of all("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const text = document.getElementById(button.dataset.copy);
    getSelection().selectAllChildren(text); // ready for Ctrl+C where the browser refuses
    copy(text.textContent.trim(), "引文已复制");
  });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.permalink");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.hash = link.hash;
  copy(link.href, "本段地址已复制");
});

// ---- notes beside their reference
let pop = null;
function closePop() {
  pop?.remove();
  pop = null;
}
document.addEventListener("click", (event) => {
  const reference = event.target.closest(".ref a");
  const again = pop && reference && pop.dataset.for === reference.hash;
  if (!pop?.contains(event.target)) closePop();
  if (!reference || again) return;
  const note = document.querySelector(`${reference.hash} .note-text`);
  if (!note) return;
  event.preventDefault();
  pop = document.createElement("div");
  pop.className = "pop";
  pop.dataset.for = reference.hash;
  pop.setAttribute("role", "note");
  for (const each of note.children) {
    const line = document.createElement("p");
    line.append(...[...each.cloneNode(true).childNodes].filter((node) => !node.matches?.(".permalink, .amend, .hop")));
    all(".hop, .permalink, .amend", line).forEach((node) => node.remove());
    all("[id]", line).forEach((node) => node.removeAttribute("id"));
    pop.append(line);
  }
  document.body.append(pop);
  const box = reference.getBoundingClientRect();
  const left = Math.min(Math.max(16, box.left - pop.offsetWidth / 2), innerWidth - pop.offsetWidth - 16);
  pop.style.left = `${left + scrollX}px`;
  pop.style.top = `${box.bottom + scrollY + 8}px`;
});
document.addEventListener("keydown", (event) => event.key === "Escape" && closePop());

// ---- into the book and out of it without leaving the place
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-gather]");
  if (!form) return;
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.redirected || !answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const same = `form[data-gather="${form.dataset.gather}"]`;
    const renewed = fresh.querySelector(same);
    for (const old of all(same)) old.replaceWith(document.importNode(renewed, true));
    document.getElementById("book-link").replaceWith(document.importNode(fresh.getElementById("book-link"), true));
    document.querySelector(`${same} button`).focus();
  } catch {
    form.submit(); // the plain way asks which book, or shows what went wrong
  }
});

// ---- nothing typed is lost when the program cannot be reached: asked before a form leaves its page
addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.reached) return;
  event.preventDefault();
  try {
    await fetch("/static/seal.svg", { method: "HEAD", cache: "no-store" });
  } catch {
    say("没有送出：现在连不上程序。您写的都还在这里，过一会儿再按一次。");
    return;
  }
  form.dataset.reached = "yes";
  form.requestSubmit(event.submitter);
  delete form.dataset.reached;
});

// ---- a new collection's name, proposed from the file or the folder
for (const field of all("input[data-names]")) {
  field.addEventListener("change", () => {
    const name = document.getElementById(field.dataset.names);
    const folder = field.files[0]?.webkitRelativePath.split("/")[0];
    const proposed = folder || (field.files.length === 1 ? field.files[0].name.replace(/\.[^.]+$/, "") : "");
    if (name && !name.value) name.value = proposed;
  });
}

// ---- files and folders dropped on the page go into the form's field
async function filesUnder(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const inside = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed)); // at most 100 at a time
    if (!some.length) break;
    inside.push(...some);
  }
  const wanted = inside.filter((each) => !/^(\.|~\$|__)/.test(each.name)); // hidden files and the locks of Word
  return (await Promise.all(wanted.map(filesUnder))).flat();
}
for (const form of all("form[data-drop]")) {
  const field = document.getElementById(form.dataset.drop);
  all(".drops", form).forEach((each) => (each.hidden = false));
  document.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  document.addEventListener("drop", async (event) => {
    const entries = [...event.dataTransfer.items].map((each) => each.webkitGetAsEntry()).filter(Boolean); // before any wait
    if (!entries.length) return;
    event.preventDefault();
    try {
      const chosen = new DataTransfer();
      for (const file of (await Promise.all(entries.map(filesUnder))).flat()) chosen.items.add(file);
      field.files = chosen.files;
      const name = document.getElementById(field.dataset.names);
      if (!name.value && entries.length === 1 && entries[0].isDirectory) name.value = entries[0].name;
      field.dispatchEvent(new Event("change"));
      say(`已选 ${field.files.length} 个文件`);
    } catch {
      say("拖来的文件读不出来，请按“选择文件”来选");
    }
  });
}
for (const button of all("[data-confirm]")) {
  button.addEventListener("click", (event) => confirm(button.dataset.confirm) || event.preventDefault());
}

// ---- a stretch of time by dragging over the bars
for (const bars of all("svg.bars")) {
  const units = all("[data-since]", bars);
  const under = (event) => {
    const box = bars.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * units.length);
    return Math.max(0, Math.min(units.length - 1, at));
  };
  let from = null;
  let moved = false;
  const hold = (a, b) =>
    units.forEach((unit, at) => unit.classList.toggle("held", a !== null && at >= Math.min(a, b) && at <= Math.max(a, b)));
  bars.addEventListener("dragstart", (event) => event.preventDefault());
  bars.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return;
    from = under(event);
    moved = false;
  });
  addEventListener("pointermove", (event) => {
    if (from === null) return;
    moved ||= under(event) !== from;
    if (moved) hold(from, under(event));
  });
  addEventListener("pointerup", (event) => {
    if (from === null) return;
    const ends = [from, under(event)].sort((a, b) => a - b);
    from = null;
    hold(null);
    if (!moved) return;
    const address = new URL(location.href);
    address.searchParams.set("period", `${units[ends[0]].dataset.since}..${units[ends[1]].dataset.until}`);
    for (const other of ["page", "undated", "at"]) address.searchParams.delete(other);
    location.assign(address);
  });
  // What ends a drag on a bar is no click on it.
  bars.addEventListener("click", (event) => moved && event.preventDefault(), true);
  all(".drag").forEach((each) => (each.hidden = false));
}

// ---- dates in the text: shown or not, as last time
const showDates = document.getElementById("show-dates");
if (showDates) {
  const kept = "wenshi.show-dates";
  try {
    showDates.checked = localStorage.getItem(kept) !== "no";
    showDates.addEventListener("change", () => localStorage.setItem(kept, showDates.checked ? "yes" : "no"));
  } catch {
    // a browser that keeps nothing
  }
}

// ---- where we are in the contents
const entries = new Map(all(".contents a").map((link) => [link.hash.slice(1), link]));
if (entries.size && "IntersectionObserver" in window) {
  const watch = new IntersectionObserver(
    (seen) => {
      const top = seen.filter((each) => each.isIntersecting).pop();
      if (!top) return;
      entries.forEach((link) => link.classList.remove("here"));
      entries.get(top.target.id)?.classList.add("here");
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  entries.forEach((_, id) => document.getElementById(id) && watch.observe(document.getElementById(id)));
}
