// The pages of a book project: forms answered in place, order by dragging. Every page works without it.
"use strict"; // `all` and `say` are those of wenshi.js

// ---- forms that stay in their place: send, and take over the part of the answer the page is about
let sending = false;
async function send(form, button, extra = {}) {
  if (sending) return say("上一处改动还在保存，请稍候再试一次。");
  sending = true;
  const data = new FormData(form, button && button.form === form ? button : undefined);
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  const encoded = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  try {
    const answer = await fetch(form.action, { method: "POST", body: encoded });
    takeOver(await answer.text(), answer.url, form);
  } catch {
    say("没有连上程序，这次改动没有做。请确认程序还开着，再试一次。");
  } finally {
    sending = false;
  }
}

function takeOver(page, address, sent = null) {
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const [old, now] = [document.getElementById("book"), fresh.getElementById("book")];
  if (!old || !now) {
    document.open();
    document.write(page);
    document.close();
    return;
  }
  const typed = unsaved(old, sent);
  const opened = all("details[open][id]", old).map((each) => each.id);
  const taken = document.importNode(now, true);
  old.replaceWith(taken);
  opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  typed.forEach(([key, before, value]) => {
    const field = writable(taken).find((each) => keyOf(each) === key && before === each.defaultValue);
    if (field) field.value = value;
  });
  const url = new URL(address);
  history.replaceState(null, "", url.pathname + url.search);
  announce(taken.querySelector(".said")?.textContent ?? "");
  const focus = taken.querySelector("[autofocus]:not(:disabled)");
  focus?.focus({ preventScroll: true });
  focus?.closest("li, section, p, fieldset")?.scrollIntoView({ block: "nearest" });
  ready(taken);
  if (sent) document.dispatchEvent(new CustomEvent("book-changed"));
}

// What was typed elsewhere on the page and not saved yet stays.
const writable = (root) => all("textarea, input:not([type]), input[type=text]", root);
const keyOf = (field) => [field.form?.action, field.form?.elements.title?.defaultValue, field.name].join("|");
function unsaved(root, sent = null) {
  return writable(root)
    .filter((field) => field.form !== sent && field.value !== field.defaultValue)
    .map((field) => [keyOf(field), field.defaultValue, field.value]);
}
let leaving = false;
addEventListener("submit", () => (leaving = true), true);
addEventListener("beforeunload", (event) => {
  const book = document.getElementById("book");
  if (book && !leaving && unsaved(book).length) event.preventDefault();
});

// One live region that is never replaced, so that what is put into it is read out.
const live = Object.assign(document.createElement("p"), { className: "unseen", id: "live" });
live.setAttribute("aria-live", "polite");
document.body.append(live);
function announce(words) {
  live.textContent = "";
  setTimeout(() => (live.textContent = words.trim()), 50);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]") || event.defaultPrevented) return;
  event.preventDefault();
  leaving = false;
  send(form, event.submitter);
});

// ---- order by dragging: articles within and between parts, and parts by their heading
function draggable(root) {
  const arrange = root.querySelector("#arrange");
  if (!arrange) return;
  let held = null;
  let home = null;

  const begin = (moved) => (event) => {
    event.stopPropagation();
    held = moved;
    home = [moved.parentNode, moved.nextSibling];
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    setTimeout(() => moved.classList.add("held"));
  };
  const finish = (event) => {
    held.classList.remove("held");
    const moved = held;
    held = null;
    if (event.dataTransfer.dropEffect === "none") home[0].insertBefore(moved, home[1]);
    else send(arrange, null, { do: order(moved) });
  };
  const order = (moved) => {
    if (moved.matches("section")) return `part-move ${moved.dataset.part} ${all("section.part", root).indexOf(moved)}`;
    const list = moved.closest("ol");
    return `move ${moved.dataset.at} ${list.dataset.part} ${all("li[data-at]", list).indexOf(moved)}`;
  };
  const over = (line, event) => {
    const box = line.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2 ? "before" : "after";
  };

  for (const line of all("li[data-at]", root)) {
    line.draggable = true;
    line.addEventListener("dragstart", begin(line));
    line.addEventListener("dragend", finish);
  }
  for (const part of all("section.part", root)) {
    const heading = part.querySelector("h2");
    heading.draggable = true;
    heading.addEventListener("dragstart", begin(part));
    heading.addEventListener("dragend", finish);
    part.addEventListener("dragover", (event) => {
      if (!held) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      if (held.matches("section")) {
        if (held !== part) part[over(part, event)](held);
        return;
      }
      const line = event.target.closest("li[data-at]");
      if (line && line !== held) line[over(line, event)](held);
      if (!line && !part.querySelector("ol").contains(held)) {
        part.querySelector("ol")[event.target.closest("header") ? "prepend" : "append"](held);
      }
    });
    part.addEventListener("drop", (event) => held && event.preventDefault());
  }
}

// ---- one article to another part: the same dialog for all
function pickable(root) {
  const dialog = root.querySelector("#to-part");
  if (!dialog) return;
  let from = null;
  for (const link of all("[data-pick]", root)) {
    link.setAttribute("role", "button");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      from = link;
      dialog.querySelector("[data-what]").textContent = link.dataset.title;
      dialog.querySelector("button").value = `to ${link.dataset.pick}`;
      dialog.close();
      dialog.showModal();
      dialog.querySelector("select").focus();
    });
  }
  dialog.querySelector("[data-close]").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
    from?.focus();
  });
}

function ready(root) {
  draggable(root);
  pickable(root);
  all("[data-confirm]", root).forEach((button) => {
    if (root !== document) button.addEventListener("click", (event) => confirm(button.dataset.confirm) || event.preventDefault());
  });
}
ready(document);

// ---- a job: how far it is
async function follow(address, show) {
  for (;;) {
    const state = await (await fetch(address)).json();
    show(state);
    if (state.over) return state;
    await new Promise((done) => setTimeout(done, 500));
  }
}
const waiting = document.querySelector("[data-job]");
if (waiting) {
  const bar = waiting.querySelector("progress");
  follow(waiting.dataset.job, (state) => {
    waiting.querySelector("[data-label]").textContent = state.label;
    waiting.querySelector("[data-words]").textContent = state.words;
    waiting.querySelector("[data-seconds]").textContent = Math.round(state.seconds);
    if (state.total) [bar.max, bar.value] = [state.total, state.done];
  }).then((state) => location.replace(state.then && state.state === "done" ? state.then : location.href));
}

// ---- pages as they will be printed: asked for now and after every change, the old ones shown until the new are there
function view(root) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const [width, height] = root.dataset.ratio.split(" ").map((each) => Math.round(each * 4));
  const spread = Number(root.dataset.spread);
  const onward = root.classList.contains("rightward") ? -1 : 1; // the way a hand turns the pages
  let [page, count, address, asking, job, issues] = [Number(root.dataset.page), 0, "", 0, "", []];

  function show() {
    const first = spread === 2 ? page - (page % 2) : page;
    const numbers = [...Array(spread).keys()].map((step) => first + step).filter((each) => each >= 1 && each <= count);
    part("leaves").replaceChildren(
      ...numbers.map((number) => {
        const leaf = Object.assign(new Image(width, height), { alt: `第 ${number} 面` });
        leaf.src = address.replace(/0\.png$/, `${number}.png`);
        if (spread === 2) leaf.className = number % 2 ? "odd" : "even";
        return leaf;
      }),
    );
    for (const number of [first + spread, first + 2 * spread - 1]) {
      if (number <= count) new Image().src = address.replace(/0\.png$/, `${number}.png`); // ready when it is turned to
    }
    part("where").textContent = `第 ${numbers.join("、")} 面，共 ${count} 面`;
    for (const link of all("[data-turn]", root)) {
      const to = first + Number(link.dataset.turn) * spread;
      link.setAttribute("aria-disabled", String(to + spread - 1 < 1 || to > count));
    }
  }

  function turn(step) {
    const to = page + step * spread;
    page = Math.max(1, Math.min(count, to));
    show();
  }

  async function ask() {
    const mine = ++asking;
    for (let pause = 150; mine === asking; pause = Math.min(pause * 1.5, 1500)) {
      const state = await (await fetch(root.dataset.preview)).json().catch(() => ({ over: true, error: "没有连上程序。" }));
      if (mine !== asking) return;
      root.classList.toggle("setting", !state.over);
      const doing = state.ahead ? `等候排版：前面还有 ${state.ahead} 件` : `正在排版：${state.words}，${state.seconds} 秒`;
      const bar = document.querySelector("[data-setting]");
      if (bar) {
        bar.hidden = state.over;
        bar.querySelector("[data-progress]").textContent = doing;
      }
      part("state").textContent = state.over ? state.error : bar ? "" : doing;
      if (state.over) {
        if (!state.pages) return;
        [count, address, issues] = [state.pages, state.picture, state.issues];
        if (state.job !== job) {
          job = state.job;
          page = Math.min(page, count);
          show();
        }
        const said = part("issues");
        said.hidden = !issues.length;
        said.querySelector("summary").textContent = `排版时留意到 ${issues.length} 处`;
        said.querySelector("ul").replaceChildren(
          ...issues.map((each) => Object.assign(document.createElement("li"), { textContent: each })),
        );
        return;
      }
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-turn]");
    if (!link) return;
    event.preventDefault();
    if (link.getAttribute("aria-disabled") !== "true") turn(Number(link.dataset.turn));
  });
  document.addEventListener("keydown", (event) => {
    if (typing(event) || spread === 1) return;
    if (event.key === "ArrowRight") turn(onward);
    if (event.key === "ArrowLeft") turn(-onward);
  });
  document.addEventListener("book-changed", ask);
  // Changed in another window: looked for while this one is seen.
  setInterval(() => document.visibilityState === "visible" && !root.classList.contains("setting") && spread === 2 && ask(), 3000);
  ask();
}
all("[data-preview]").forEach(view);

for (const list of all("select[data-go]")) list.addEventListener("change", () => list.form.requestSubmit());

// ---- a paragraph to be changed, without leaving the place
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-stay]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href);
  const top = scrollY;
  takeOver(await answer.text(), answer.url);
  scrollTo({ top, behavior: "instant" });
});
