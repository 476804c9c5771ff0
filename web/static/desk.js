// The reading page as a desk: a pop-up on what is selected, corrections where the text stands. Needs wenshi.js.
"use strict";

const reading = document.querySelector("article[data-article]");
const OURS = ".hop, .permalink, .amend, .ref, rt, rp";

// ---- panels of the bar close by Escape and by a click elsewhere
const panels = all(".desk details");
document.addEventListener("click", (event) => {
  for (const each of panels) if (each.open && !each.contains(event.target)) each.open = false;
  if (event.target.closest(".desk .headings a, .desk label")) panels.forEach((each) => (each.open = false));
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && panels.find((each) => each.open);
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// ---- size, width and colours without leaving the place
for (const form of all("form[data-look]")) {
  form.addEventListener("submit", async (event) => {
    const { name, value } = event.submitter ?? {};
    if (!name || name === "setting") return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form));
    data.append(name, value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
      if (answer.type !== "opaqueredirect") throw new Error(answer.status);
    } catch {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      form.submit();
      return;
    }
    if (value) document.documentElement.dataset[name] = value;
    else delete document.documentElement.dataset[name];
    for (const each of all(`button[name="${name}"]`, form)) each.setAttribute("aria-pressed", each === event.submitter);
  });
}

// ---- a text set vertically: the wheel turns its lines
const upright = document.documentElement.dataset.setting === "vertical" && reading;
if (upright) {
  upright.addEventListener(
    "wheel",
    (event) => {
      if (!event.deltaY || event.shiftKey || event.ctrlKey) return;
      const before = upright.scrollLeft;
      upright.scrollLeft -= event.deltaY;
      if (upright.scrollLeft !== before) event.preventDefault();
    },
    { passive: false },
  );
}

// ---- what can be done with a selection
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const from = range.startContainer.nodeType === Node.TEXT_NODE ? range.startContainer.parentElement : range.startContainer;
  const block = from?.closest?.(".block[id]");
  if (!block || !/^b\d+$/.test(block.id) || !reading.contains(block) || !block.contains(range.endContainer) || from.closest("form")) return null;
  const stored = (node, offset) => {
    const before = document.createRange();
    before.setStart(block, 0);
    before.setEnd(node, offset);
    const part = before.cloneContents();
    all(OURS, part).forEach((each) => each.remove());
    return [...part.textContent].length; // code points, as the library counts
  };
  const start = stored(range.startContainer, range.startOffset);
  const end = stored(range.endContainer, range.endOffset);
  if (end <= start) return null;
  const copied = range.cloneContents();
  all(OURS, copied).forEach((each) => each.remove());
  return { block, number: block.id.slice(1), start, end, words: copied.textContent, box: range.getBoundingClientRect() };
}

function offer() {
  document.querySelector(".offers-here")?.remove();
  const place = selected();
  if (!place) return;
  const { number, start, end, words, box } = place;
  const { article, version } = reading.dataset;
  const menu = document.createElement("div");
  menu.className = "pop offers-here";
  menu.setAttribute("role", "toolbar");
  menu.setAttribute("aria-label", "对选中的文字");
  const add = (text, href) => menu.append(Object.assign(document.createElement("a"), { textContent: text, href }));
  if ("newest" in reading.dataset) {
    if ("edits" in reading.dataset) add("改字", `${article}/edit/${number}?start=${start}&end=${end}`);
    else add("报错", `${article}/report/${number}?start=${start}&end=${end}`);
  }
  add("做卡片", `${article}/card/${version}/${number}/${start}-${end}`);
  add("引用此句", `${article}/quote/${version}/${number}/${start}-${end}`);
  if ("names" in reading.dataset && words.trim().length <= 40) {
    const name = encodeURIComponent(words.trim());
    add("这是人名/地名", `/names/new?preferred=${name}&read=${article.split("/").pop()}&block=${number}`);
  }
  if ("edits" in reading.dataset && end - start <= 40) add("这是日期", `${article}/date/${number}/${start}-${end}`);
  if (words.length <= 60) add("查同样的话", `/?q=${encodeURIComponent(`"${words.trim().replaceAll('"', '""')}"`)}`);
  document.body.append(menu);
  const left = box.left + box.width / 2 - menu.offsetWidth / 2;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8)) + scrollX}px`;
  menu.style.top = `${box.bottom + scrollY + 10}px`;
}
if (reading) {
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, 250);
  });
}

// ---- drafts: what was typed and not saved is kept in this browser
const draftOf = (form) => `wenshi.draft.${form.dataset.draft}`;
function keepDraft(form) {
  const area = form.elements.text;
  if (!area) return;
  const stored = area.defaultValue;
  try {
    const draft = localStorage.getItem(draftOf(form));
    if (draft !== null && draft !== area.value && !form.querySelector(".draft")) {
      const line = document.createElement("p");
      line.className = "notice draft";
      const back = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "取回" });
      back.addEventListener("click", () => {
        area.value = draft;
        line.remove();
        grow(area);
        area.focus();
      });
      line.append("上次在这里写的没有保存，文字还在。", back);
      form.prepend(line);
    }
    area.addEventListener("input", () => {
      if (area.value === stored) localStorage.removeItem(draftOf(form));
      else localStorage.setItem(draftOf(form), area.value);
    });
  } catch {
    // a browser that keeps nothing
  }
}
const saved = document.querySelector("[data-saved]");
if (saved) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(`wenshi.draft.${saved.dataset.saved}`)) localStorage.removeItem(key);
    }
  } catch {
    // a browser that keeps nothing
  }
}

// ---- the form, on its page or put where the paragraph stands
function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 4, innerHeight * 0.7)}px`;
}

function failed(form, words) {
  form.querySelector(".wrong-box.lost")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "wrong-box lost" });
  box.setAttribute("role", "alert");
  box.append(Object.assign(document.createElement("p"), { textContent: words }));
  form.querySelector(".buttons").before(box);
}

function ready(form) {
  const area = form.elements.text;
  grow(area);
  area.addEventListener("input", () => grow(area));
  keepDraft(form);
  const [start, end] = [form.elements.start, form.elements.end].map((each) => Number(each?.value));
  if (end > start && !form.querySelector(".preview, .beside")) {
    const units = [...area.value]; // code points to the units a text area counts in
    area.setSelectionRange(units.slice(0, start).join("").length, units.slice(0, end).join("").length);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, event.submitter);
  });
}

async function send(form, button) {
  const data = new URLSearchParams(new FormData(form));
  if (button?.name) data.append(button.name, button.value);
  all("button", form).forEach((each) => (each.disabled = true));
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.redirected) {
      // What was saved is told on the page that follows, which the answer already was.
      saveDone(form, answer, await answer.text());
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form.correct");
    if (!fresh) throw new Error(String(answer.status));
    const put = document.importNode(fresh, true);
    form.replaceWith(put);
    ready(put);
    (put.querySelector(".preview") ?? put.elements.text).focus({ preventScroll: true });
    (put.querySelector(".wrong-box, .beside, .preview") ?? put).scrollIntoView({ block: "nearest" });
  } catch {
    all("button", form).forEach((each) => (each.disabled = false));
    failed(form, "没有保存：现在连不上。您写的还在这里，过一会儿再按“保存”。");
  }
}

function saveDone(form, answer, text) {
  try {
    localStorage.removeItem(draftOf(form));
    sessionStorage.setItem("wenshi.said", new DOMParser().parseFromString(text, "text/html").querySelector(".saved")?.textContent ?? "");
  } catch {
    // a browser that keeps nothing
  }
  const place = form.action.match(/\/edit\/(\d+)$/);
  const address = `${answer.url.split("#")[0]}#b${place ? place[1] : 0}`;
  if (address === location.href) location.reload();
  else {
    const same = address.split("#")[0] === location.href.split("#")[0];
    location.assign(address);
    if (same) location.reload();
  }
}
try {
  const told = sessionStorage.getItem("wenshi.said");
  sessionStorage.removeItem("wenshi.said");
  if (told && reading && !document.querySelector(".saved")) {
    const line = Object.assign(document.createElement("p"), { className: "saved", textContent: told });
    line.setAttribute("role", "status");
    document.querySelector(".reading").before(line);
  }
} catch {
  // a browser that keeps nothing
}

async function openHere(link) {
  const address = new URL(link.href);
  const block = document.getElementById(`b${address.pathname.split("/").pop()}`);
  if (!block) return location.assign(link.href);
  const open = document.querySelector("form.correct");
  if (open) {
    if (open.elements.text.value !== open.elements.text.defaultValue) {
      open.elements.text.focus();
      say("先保存或放弃这一段");
      return;
    }
    leave(open);
  }
  let form;
  try {
    const answer = await fetch(link.href);
    form = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form.correct");
  } catch {
    say("现在连不上，过一会儿再试");
    return;
  }
  if (!form) return location.assign(link.href);
  form = document.importNode(form, true);
  form.classList.add("in-place");
  block.classList.add("being-corrected");
  (block.closest("table") ? block : block.closest("li, blockquote, .stanza, figure") ?? block).after(form);
  document.querySelector(".offers-here")?.remove();
  getSelection().removeAllRanges();
  ready(form);
  form.elements.text.focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
}

function leave(form) {
  all(".being-corrected").forEach((each) => each.classList.remove("being-corrected"));
  form.remove();
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const out = event.target.closest("form.correct.in-place a.leave");
  if (out) {
    event.preventDefault();
    const form = out.closest("form");
    try {
      localStorage.removeItem(draftOf(form));
    } catch {
      // a browser that keeps nothing
    }
    leave(form);
    return;
  }
  const link = event.target.closest("a[href*='/edit/']");
  if (!link || !reading || link.closest("form")) return;
  event.preventDefault();
  openHere(link);
});
all("form.correct[data-draft]").forEach(ready);

// ---- replacing: all ticked or none
for (const button of all("[data-tick]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const each of all('input[name="place"]')) each.checked = button.dataset.tick === "all";
  });
}
