"use strict";
// The page of hits: what was asked for in the address, texts in the order of the contents, some at a time.
(() => {
  const AT_ONCE = 10, PASSAGES = 3, BEFORE = 20, AROUND = 60, MARKED = 300;
  const told = document.getElementById("told"), list = document.getElementById("found"), more = document.getElementById("more");
  const box = document.getElementById("q");

  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  function address(id, places, block) {
    const marked = places.slice(0, MARKED).map(([number, start, end]) => `${number}.${start}-${end}`).join(",");
    return `texts/${id}.html?h=${marked}#b${block}`;
  }

  function excerpt(characters, spans) {
    const from = Math.max(0, spans[0][1] - BEFORE), to = Math.min(characters.length, from + AROUND + BEFORE);
    const shown = document.createDocumentFragment();
    let at = from;
    if (from) shown.append("…");
    for (const [, start, end] of spans.filter((each) => each[1] < to)) {
      shown.append(characters.slice(at, start).join(""));
      shown.append(element("mark", characters.slice(start, Math.min(end, to)).join("")));
      at = Math.min(end, to);
    }
    shown.append(characters.slice(at, to).join(""));
    if (to < characters.length) shown.append("…");
    return shown;
  }

  async function row({ text, places }) {
    const [id, title, collection] = wenshi.text(text);
    const item = element("li"), head = element("h2"), link = element("a", title);
    link.href = address(id, places, places[0][0]);
    head.append(link, element("span", `${places.length} 处`, "count"), element("span", collection, "small"));
    item.append(head);
    const blocks = new Map();
    for (const place of places) blocks.set(place[0], [...(blocks.get(place[0]) || []), place]);
    const inside = [...blocks].filter(([block]) => block > 0 || blocks.size === 1).slice(0, PASSAGES);
    for (const [block, spans] of inside) {
      const line = element("p"), to = element("a");
      to.href = address(id, places, block);
      to.append(excerpt(await wenshi.passage(text, block), spans));
      line.append(to);
      item.append(line);
    }
    return item;
  }

  async function ask(typed) {
    list.replaceChildren();
    delete list.dataset.ready;
    more.hidden = true;
    if (!typed.trim()) { told.textContent = ""; return; }
    told.textContent = "正在找……";
    const found = await wenshi.find(typed);
    const total = found.reduce((sum, each) => sum + each.places.length, 0);
    document.title = `${typed} · ${document.title.split(" · ").pop()}`;
    told.textContent = found.length ? `共 ${found.length} 篇，${total} 处` : `没有“${typed.trim()}”。可以少写几个字，或换一个写法再找`;
    let shown = 0;
    const next = async () => {
      more.disabled = true;
      const rows = await Promise.all(found.slice(shown, shown + AT_ONCE).map(row));
      list.append(...rows);
      shown += rows.length;
      more.hidden = shown >= found.length;
      more.disabled = false;
    };
    more.onclick = next;
    await next();
    list.dataset.ready = typed;
  }

  const answer = (typed) => ask(typed).catch((error) => {
    told.textContent = `检索用的文件“${error.message}”打不开，请连上网络或把整个文件夹拷全，再试一次`;
  });
  const show = () => {
    box.value = new URLSearchParams(location.search).get("q") || "";
    answer(box.value);
  };

  // The next question is answered on the same page, which spares a slow connection all that is there already.
  document.getElementById("ask").addEventListener("submit", (event) => {
    try { history.pushState(null, "", `?q=${encodeURIComponent(box.value)}`); } catch { return; } // not from a folder
    event.preventDefault();
    answer(box.value);
  });
  addEventListener("popstate", show);
  show();
  if (!box.value) box.focus();
})();
