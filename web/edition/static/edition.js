"use strict";
// What the pages of the reading edition do by themselves. Without scripts they read the same, but for searching.
(() => {
  const root = document.documentElement;
  const kept = {
    get: (name) => { try { return localStorage.getItem(`wenshi-${name}`) || ""; } catch { return ""; } },
    set: (name, value) => { try { localStorage.setItem(`wenshi-${name}`, value); } catch { /* not allowed: for now only */ } },
  };

  function wear(name, value) {
    if (value) root.setAttribute(`data-${name}`, value); else root.removeAttribute(`data-${name}`);
    for (const each of document.querySelectorAll(`[data-look="${name}"]`)) each.setAttribute("aria-pressed", String(each.value === value));
  }
  document.getElementById("look").hidden = false;
  for (const button of document.querySelectorAll("[data-look]")) {
    button.addEventListener("click", () => { kept.set(button.dataset.look, button.value); wear(button.dataset.look, button.value); });
  }
  for (const name of ["size", "measure", "scheme"]) wear(name, kept.get(name));

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "已复制";
    });
  }

  // ---- places that a search led to: ?h=3.5-8,7.0-2, blocks and offsets in stored text (code points)
  function textNodes(block) {
    const left = ".permalink, sup.ref, rt, rp, .hop";
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, {
      acceptNode: (node) => (node.parentElement.closest(left) || node.parentElement.closest(".block") !== block
        ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
    });
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  }

  function mark(block, start, end) {
    let at = 0;
    const made = [];
    for (const node of textNodes(block)) {
      const characters = Array.from(node.data);
      const from = Math.max(0, start - at), to = Math.min(characters.length, end - at);
      at += characters.length;
      if (from >= to) continue;
      const range = document.createRange();
      range.setStart(node, characters.slice(0, from).join("").length);
      range.setEnd(node, characters.slice(0, to).join("").length);
      const wrapped = document.createElement("mark");
      wrapped.className = "hit";
      range.surroundContents(wrapped);
      made.push(wrapped);
      if (at >= end) break;
    }
    return made;
  }

  const bar = document.querySelector(".hits-bar#found");
  const asked = new URLSearchParams(location.search).get("h");
  if (bar && asked && /^[\d.,-]+$/.test(asked)) {
    const places = asked.split(",").map((each) => each.split(/[.-]/).map(Number)).filter((each) => each.length === 3);
    const marks = [];
    for (const [number, start, end] of places.reverse()) {
      const block = document.getElementById(`b${number}`);
      const made = block ? mark(block, start, end) : [];
      if (made.length) marks.unshift(made);
    }
    let now = Math.max(0, marks.findIndex((each) => each[0].closest(".block").id === location.hash.slice(1)));
    const [back, onward] = bar.querySelectorAll("button");
    const show = (scroll) => {
      for (const [number, each] of marks.entries()) for (const one of each) one.classList.toggle("here", number === now);
      bar.querySelector("p").textContent = `要找的字词在本篇有 ${marks.length} 处，现在是第 ${now + 1} 处`;
      back.disabled = now === 0;
      onward.disabled = now === marks.length - 1;
      if (scroll) marks[now][0].scrollIntoView({ block: "center" });
    };
    const go = (by) => { const to = now + by; if (to >= 0 && to < marks.length) { now = to; show(true); } };
    if (marks.length) {
      bar.hidden = false;
      back.addEventListener("click", () => go(-1));
      onward.addEventListener("click", () => go(1));
      document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea")) return;
        if (event.key === "n") go(1);
        if (event.key === "p") go(-1);
      });
      show(true);
    }
  }

  // ---- reading without a connection: only where pages come from a server
  const script = document.querySelector("script[data-root]");
  if (/^https?:$/.test(location.protocol) && "serviceWorker" in navigator) {
    const home = new URL(script.dataset.root || "./", document.baseURI);
    navigator.serviceWorker.register(new URL("worker.js", home)).catch(() => { /* refused by the browser: pages read on */ });
    const keep = document.getElementById("keep");
    const said = keep.querySelector("[role=status]");
    keep.hidden = false;
    keep.querySelector("button").addEventListener("click", async () => {
      said.textContent = "正在存……";
      const ready = await navigator.serviceWorker.ready;
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => {
        said.textContent = data.failed ? `有 ${data.failed} 个文件没有存好，连上网络再按一次` : data.done === data.of
          ? "存好了，没有网络也能读" : `已存 ${data.done} / ${data.of}`;
      };
      ready.active.postMessage("keep", [channel.port2]);
    });
  }
})();
