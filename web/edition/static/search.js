"use strict";
// Literal search in the files that web/edition/literal_index.py wrote, by plain scripts: pages opened from a folder may
// load nothing else. Offsets are code points.
const wenshi = (() => {
  const base = new URL("./search/", document.baseURI);
  const loaded = { list: new Map(), piece: new Map() };
  let directory = null;

  function script(name) {
    return new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = new URL(name, base).href;
      tag.onload = () => { tag.remove(); resolve(); };
      tag.onerror = () => { tag.remove(); reject(new Error(name)); };
      document.head.append(tag);
    });
  }

  const waiting = new Map();
  function part(kind, number) {
    const name = `${kind}-${number}.js`;
    if (loaded[kind].has(number)) return Promise.resolve();
    if (!waiting.has(name)) waiting.set(name, script(name).finally(() => waiting.delete(name)));
    return waiting.get(name);
  }

  function unpacked(text) {
    const numbers = [];
    let before = 0, far = 0, quotient = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 33) { quotient = true; continue; }
      const number = code - (code > 92 ? 1 : 0) - 35;
      if (quotient) { far = number * 12288; quotient = false; continue; }
      before += far + number;
      far = 0;
      numbers.push(before);
    }
    return numbers;
  }

  // The last position whose number is at most `wanted`; numbers ascend.
  function last(numbers, wanted) {
    let low = 0, high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle] <= wanted) low = middle + 1; else high = middle;
    }
    return low - 1;
  }

  async function ready() {
    if (directory) return;
    await script("directory.js");
    directory.starts = unpacked(directory.starts);
    directory.pieces = unpacked(directory.pieces);
    directory.firsts = directory.lists.map((each) => each.codePointAt(0));
    directory.blocks = directory.texts.map((each) => each[3]);
    directory.forms = new Map();
    const forms = Array.from(directory.fold);
    for (let at = 0; at < forms.length; at += 2) directory.forms.set(forms[at], forms[at + 1]);
    directory.unseen = new RegExp(`[${directory.invisible}]`, "gu");
  }

  function terms(typed) {
    const words = typed.replace(directory.unseen, "").split(/\s+/u).filter(Boolean);
    return words.map((word) => Array.from(word, (each) => directory.forms.get(each) || each));
  }

  async function places(character) {
    const number = last(directory.firsts, character.codePointAt(0));
    if (number < 0) return [];
    await part("list", number);
    const lists = loaded.list.get(number);
    if (typeof lists[character] === "string") lists[character] = unpacked(lists[character]);
    return lists[character] || [];
  }

  // Where a word begins: the rarest character first, every other one looked up among its places.
  async function standing(word) {
    const lists = await Promise.all(word.map(places));
    const order = word.map((_, at) => at).sort((a, b) => lists[a].length - lists[b].length);
    let begins = lists[order[0]].map((place) => place - order[0]);
    for (const at of order.slice(1)) {
      const there = lists[at];
      begins = begins.filter((begin) => there[last(there, begin + at)] === begin + at);
    }
    return begins;
  }

  // Texts that have every word: {text, places: [[block, start, end], …]} in stored text, block counted within the text.
  async function find(typed) {
    await ready();
    const asked = terms(typed);
    if (!asked.length) return [];
    const found = new Map();
    for (const [number, word] of asked.entries()) {
      for (const begin of await standing(word)) {
        const block = last(directory.starts, begin);
        const text = last(directory.blocks, block);
        if (!found.has(text)) found.set(text, asked.map(() => []));
        found.get(text)[number].push([block - directory.blocks[text], ...span(block, begin, word.length)]);
      }
    }
    const whole = [...found].filter(([, words]) => words.every((each) => each.length));
    const late = (text) => directory.texts[text][4]; // what stands before and behind a book comes last
    return whole.sort((a, b) => late(a[0]) - late(b[0]) || a[0] - b[0]).map(([text, words]) => ({ text, places: joined(words.flat()) }));
  }

  // The places in order, those that overlap as one: what is marked, and counted.
  function joined(all) {
    all.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const kept = [];
    for (const each of all) {
      const before = kept[kept.length - 1];
      if (before && before[0] === each[0] && each[1] < before[2]) before[2] = Math.max(before[2], each[2]);
      else kept.push([...each]);
    }
    return kept;
  }

  function span(block, begin, length) {
    const start = begin - directory.starts[block];
    const cuts = directory.cuts[block];
    if (!cuts) return [start, start + length];
    const stored = (offset) => {
      let dropped = 0;
      for (let at = 0; at < cuts.length && cuts[at] <= offset; at += 2) dropped = cuts[at + 1];
      return offset + dropped;
    };
    return [stored(start), stored(start + length - 1) + 1];
  }

  async function passage(text, block) {
    const number = directory.blocks[text] + block;
    const piece = last(directory.pieces, number);
    await part("piece", piece);
    return Array.from(loaded.piece.get(piece)[number - directory.pieces[piece]]);
  }

  return {
    find, passage,
    text: (number) => directory.texts[number],
    directory: (told) => { directory = told; },
    list: (number, told) => loaded.list.set(number, told),
    piece: (number, told) => loaded.piece.set(number, told),
  };
})();
