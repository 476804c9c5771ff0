// A scanned page beside its text: the line one is in is shown on both sides, doubtful characters are coloured, and
// F8 goes from one to the next. Nothing is changed but by a person; without this file the page still saves.
(() => {
  "use strict";
  const desk = document.querySelector(".scan-desk");
  if (!desk) return;
  const sheet = desk.querySelector(".scan-sheet");
  const pane = desk.querySelector(".scan-window");
  const form = desk.querySelector("form");
  const bar = desk.querySelector(".scan-doubt");
  const count = desk.querySelector(".scan-count");
  const choices = desk.querySelector(".scan-choices");
  let areas = [...form.querySelectorAll("textarea")];
  const held = new Map(areas.map((area) => [area, { text: area.value, lines: [], doubts: [], changes: [] }]));
  const [words, instead] = ["words", "instead"].map((name) => form.elements[name]);
  const wholly = desk.querySelector(".scan-wholly");
  let now = null; // the doubtful place one is at: {area, doubt}
  let last = null; // the text the caret was in
  let latest = null; // what was typed over last: {area, change}

  // ---- the picture
  let wide = matchMedia("(max-width: 56rem)").matches ? 200 : 100, turned = 0;
  sheet.style.width = `${wide}%`;
  desk.querySelector(".scan-tools").hidden = false;
  desk.classList.add("with-lines");
  // Turned, the sheet still begins at the upper left of its window: what hung out there could not be scrolled to.
  const stand = () => {
    sheet.style.width = `${wide}%`;
    const { offsetWidth: across, offsetHeight: down } = sheet;
    const shift = { 90: [down, 0], 180: [across, down], 270: [0, across] }[turned];
    sheet.style.transformOrigin = "0 0";
    sheet.style.transform = shift ? `translate(${shift[0]}px, ${shift[1]}px) rotate(${turned}deg)` : "";
  };
  desk.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
    wide = Math.min(400, Math.max(50, wide + 25 * Number(button.dataset.zoom)));
    stand();
  }));
  desk.querySelector("[data-turn]").addEventListener("click", () => {
    turned = (turned + 90) % 360;
    stand();
  });

  // ---- the mirror behind each text, which carries the colours
  const draw = (area) => {
    const { doubts, lines } = held.get(area);
    const mirror = area.previousElementSibling;
    const caret = document.activeElement === area ? area.selectionStart : -1;
    const line = lines.find((one) => one.start <= caret && caret <= one.end);
    const parts = document.createDocumentFragment();
    const text = area.value;
    const put = (from, to) => {
      if (from >= to) return;
      const inside = line && from >= line.start && to <= line.end;
      const piece = document.createElement("span");
      if (inside) piece.className = "here";
      piece.textContent = text.slice(from, to);
      parts.append(piece);
    };
    const cuts = [...new Set([0, text.length, ...(line ? [line.start, Math.min(line.end, text.length)] : [])])];
    let at = 0;
    const upTo = (end) => {
      cuts.filter((cut) => cut > at && cut < end).sort((a, b) => a - b).forEach((cut) => { put(at, cut); at = cut; });
      put(at, end);
      at = end;
    };
    [...doubts].sort((a, b) => a.at - b.at).forEach((doubt) => {
      upTo(doubt.at);
      const mark = document.createElement("mark");
      mark.textContent = text.slice(doubt.at, doubt.at + 1);
      if (now && now.doubt === doubt) mark.className = "now";
      parts.append(mark);
      at = doubt.at + 1;
    });
    upTo(text.length);
    parts.append("\n");
    mirror.replaceChildren(parts);
    sheet.querySelectorAll(".scan-line.here").forEach((one) => one.classList.remove("here"));
    if (line) {
      line.box.classList.add("here");
      const top = line.box.offsetTop, low = pane.scrollTop, high = low + pane.clientHeight;
      if (!turned && (top < low + 20 || top + line.box.offsetHeight > high - 20)) {
        pane.scrollTop = Math.max(0, top - pane.clientHeight / 3);
      }
      if (!turned && wide > 100) pane.scrollLeft = Math.max(0, line.box.offsetLeft - 10);
    }
  };

  // What was typed moves the places behind it; a place that was typed over is no doubt any more.
  const typed = (area) => {
    const state = held.get(area), before = state.text, after = area.value;
    let head = 0, tail = 0;
    while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
    while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
    const end = before.length - tail, shift = after.length - before.length;
    const moved = (place) => (place >= end ? place + shift : place);
    state.doubts = state.doubts.filter((one) => one.at < head || one.at >= end);
    state.doubts.forEach((one) => { one.at = moved(one.at); });
    state.lines.forEach((one) => { one.start = moved(one.start); one.end = moved(one.end); });
    state.text = after;
    changed(area, before, head, end, shift);
    if (now && now.area === area && !state.doubts.includes(now.doubt)) now = null;
    tell();
    draw(area);
  };

  // ---- what was typed over, to be replaced in the whole volume
  // A change holds what the page had where other characters stand now; what touches it becomes part of it.
  const changed = (area, before, head, end, shift) => {
    const state = held.get(area);
    const touched = state.changes.filter((one) => one.start <= end && one.end >= head).sort((a, b) => a.start - b.start);
    const from = Math.min(head, ...touched.map((one) => one.start)), to = Math.max(end, ...touched.map((one) => one.end));
    const change = { start: from, end: to + shift, was: had(before, from, to, touched) };
    state.changes = state.changes.filter((one) => !touched.includes(one));
    state.changes.filter((one) => one.start >= end).forEach((one) => { one.start += shift; one.end += shift; });
    const differs = change.was !== area.value.slice(change.start, change.end);
    if (differs) state.changes.push(change);
    latest = differs ? { area, change } : null;
  };
  const had = (text, from, to, changes) => {
    let was = "", at = from;
    changes.forEach((one) => { was += text.slice(at, one.start) + one.was; at = one.end; });
    return was + text.slice(at, to);
  };
  // The word that is selected, or was corrected last: as the page had it, and as it is now.
  const pair = () => {
    const doubt = now && now.area === last && now.doubt.at === last.selectionStart; // selected by us
    const picked = last && last.selectionStart < last.selectionEnd && !doubt;
    const area = picked ? last : latest && latest.area;
    if (!area) return ["", ""];
    let [from, to] = picked ? [area.selectionStart, area.selectionEnd] : [latest.change.start, latest.change.end];
    const meets = (one) => (one.start === one.end ? from <= one.start && one.end <= to : one.start < to && one.end > from);
    const within = held.get(area).changes.filter(meets).sort((a, b) => a.start - b.start);
    from = Math.min(from, ...within.map((one) => one.start));
    to = Math.max(to, ...within.map((one) => one.end));
    let was = had(area.value, from, to, within), is = area.value.slice(from, to);
    if (!was || !is) { // something was put in or left out: told by its neighbours
      const [head, tail] = [area.value.slice(from - 1, from), area.value.slice(to, to + 1)];
      [was, is] = [head + was + tail, head + is + tail];
    }
    return [was, was === is ? "" : is];
  };
  const offered = () => {
    const [was, is] = pair();
    wholly.hidden = !was || /\n/.test(was) || was.length > 30;
    wholly.querySelector("span").textContent = is ? `“${was}”改成“${is}”` : `“${was}”`;
  };
  wholly.querySelector("button").addEventListener("click", () => form.requestSubmit(form.querySelector('button[value="replace"]')));

  // ---- doubts
  const all = () => areas.flatMap((area) => [...held.get(area).doubts].sort((a, b) => a.at - b.at).map((doubt) => ({ area, doubt })));
  const button = (text, act, name) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.textContent = text;
    made.addEventListener("click", act);
    choices.append(made);
    return made;
  };
  const tell = () => {
    offered();
    const left = all();
    const where = now ? left.findIndex((one) => one.doubt === now.doubt) + 1 : 0;
    count.textContent = left.length ? `没有把握的字 ${left.length} 处${where ? `，这是第 ${where} 处` : ""}` : "没有标出没有把握的字；仍请对照图像通读";
    choices.replaceChildren();
    if (!left.length) return;
    button("上一处", () => go(-1), "plain move");
    button("下一处", () => go(1), "plain move");
    if (!now) return;
    const sure = document.createElement("span");
    sure.textContent = `“${now.area.value[now.doubt.at]}”的把握 ${now.doubt.sure}%，也可能是`;
    if (now.doubt.others.length) choices.append(sure);
    [...now.doubt.others].forEach((one, at) => {
      const why = at === 0 && now.doubt.why ? `，${now.doubt.why}` : "";
      const made = button(one, () => choose(one), why ? "plain likelier" : "plain");
      made.setAttribute("aria-label", `换成 ${one}${why}，Alt+${at + 1}`);
    });
    if (now.doubt.why) {
      const note = document.createElement("span");
      note.className = "scan-why";
      note.textContent = `“${now.doubt.others[0]}”${now.doubt.why}，请看图像`;
      choices.append(note);
    }
    button("没有错", () => { settle(now); go(0); }, "plain move").setAttribute("aria-label", "没有错，Alt+0");
  };
  const settle = (one) => {
    const state = held.get(one.area);
    state.doubts = state.doubts.filter((each) => each !== one.doubt);
  };
  const go = (step) => {
    const left = all();
    if (!left.length) { now = null; tell(); areas.forEach(draw); return; }
    const active = document.activeElement;
    const after = areas.includes(active) ? [areas.indexOf(active), active.selectionStart] : [0, -1];
    let at = now ? left.findIndex((one) => one.doubt === now.doubt) : -1;
    if (at >= 0) at = (at + step + left.length) % left.length;
    else {
      at = left.findIndex((one) => areas.indexOf(one.area) > after[0] || (areas.indexOf(one.area) === after[0] && one.doubt.at >= after[1]));
      if (at < 0) at = 0;
      if (step < 0) at = (at - 1 + left.length) % left.length;
    }
    now = left[at];
    now.area.focus();
    now.area.setSelectionRange(now.doubt.at, now.doubt.at + 1);
    tell();
    areas.forEach((area) => { if (area !== now.area) draw(area); });
    draw(now.area);
  };
  const choose = (character) => {
    const { area, doubt } = now;
    area.focus();
    area.setRangeText(character, doubt.at, doubt.at + 1, "end");
    typed(area);
    go(0);
  };

  areas.forEach((area) => {
    area.addEventListener("input", () => typed(area));
    area.addEventListener("focus", () => { last = area; });
    ["keyup", "click", "focus", "select"].forEach((kind) => area.addEventListener(kind, () => { draw(area); offered(); }));
    draw(area);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "F8") { event.preventDefault(); go(event.shiftKey ? -1 : 1); }
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); form.requestSubmit(form.querySelector('button[name="do"]')); }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const sign = form.querySelector('button[name="do"][value^="sign"]');
      if (sign) { event.preventDefault(); form.requestSubmit(sign); }
    }
    if (event.altKey && now && event.key === "0") { event.preventDefault(); settle(now); go(0); }
    if (event.altKey && now && event.key >= "1" && event.key <= "4") {
      const one = [...now.doubt.others][Number(event.key) - 1];
      if (one) { event.preventDefault(); choose(one); }
    }
  });
  // ---- what was read in the wrong order is moved: a paragraph, or all of a column or tier
  const order = desk.querySelector(".scan-order"), [what, before] = order.querySelectorAll("select");
  const said = order.querySelector("[role=status]");
  const movable = () => [...form.querySelectorAll("[data-movable]")];
  const area_of = (one) => one.querySelector("textarea");
  // Where a paragraph stands across the way its lines follow each other, in thousandths: [begin, end, lines]. A line
  // that was found in the wrong paragraph is to count for nothing: quartiles.
  const across = (one, down) => {
    const boxes = held.get(area_of(one)).lines.map((line) => line.at), last = boxes.length - 1;
    const [begins, ends] = [0, 2].map((side) => boxes.map((box) => box[side + (down ? 1 : 0)]).sort((a, b) => a - b));
    return [begins[Math.floor(last / 4)], ends[Math.ceil((3 * last) / 4)], boxes.length];
  };
  // Paragraphs that follow each other in one column, or tier where the text runs downwards; a short line is in the one
  // it stands in.
  const regions = () => {
    const every = areas.flatMap((area) => held.get(area).lines);
    const image = sheet.querySelector("img"), wide = image.naturalWidth || 1, tall = image.naturalHeight || 1;
    const down = every.filter(({ at }) => (at[3] - at[1]) * tall > 1.5 * (at[2] - at[0]) * wide).length > every.length / 2;
    const found = [];
    let place = null;
    movable().forEach((one) => {
      const [begin, end, lines] = across(one, down), last = found[found.length - 1];
      const overlap = place ? Math.min(end, place.end) - Math.max(begin, place.begin) : 0;
      const lengths = place ? [end - begin, place.end - place.begin] : [1, 1];
      const short = place && (lines < 2 || place.lines < 2);
      if (last && (!lines || overlap > (short ? 0.8 * Math.min(...lengths) : 0.65 * Math.max(...lengths)))) {
        last.push(one);
        if (lines && place.lines < 2) place = { begin, end, lines };
      } else {
        found.push([one]);
        place = lines ? { begin, end, lines } : null;
      }
    });
    return found;
  };
  const called = (some) => {
    const [first, last] = [some[0], some[some.length - 1]].map((one) => one.querySelector(".scan-at").textContent);
    return first === last ? `第 ${first} 段` : `第 ${first}—${last} 段`;
  };
  const option = (text, some) => {
    const made = document.createElement("option");
    made.textContent = text;
    made.some = some;
    return made;
  };
  const orders = () => {
    const ones = movable(), parts = regions();
    order.hidden = ones.length < 2;
    const whole = parts.length > 1 ? parts.filter((some) => some.length > 1).map((some) => option(`${called(some)}（一栏）`, some)) : [];
    what.replaceChildren(...whole, ...ones.map((one) => option(called([one]), [one])));
    before.replaceChildren(...ones.map((one) => option(`${called([one])}之前`, [one])), option("最后", []));
    sheet.querySelectorAll(".scan-region").forEach((one) => one.remove());
    if (parts.length < 2) return;
    parts.forEach((some) => {
      const boxes = some.flatMap((one) => held.get(area_of(one)).lines.map((line) => line.at));
      if (!boxes.length) return;
      const [left, top] = [0, 1].map((side) => Math.min(...boxes.map((box) => box[side])));
      const [right, bottom] = [2, 3].map((side) => Math.max(...boxes.map((box) => box[side])));
      const mark = document.createElement("div");
      mark.className = "scan-region";
      Object.assign(mark.style, { left: `${left / 10}%`, top: `${top / 10}%`, width: `${(right - left) / 10}%`, height: `${(bottom - top) / 10}%` });
      sheet.append(mark);
    });
  };
  order.querySelector("[data-move]").addEventListener("click", () => {
    const { some } = what.selectedOptions[0], [target] = before.selectedOptions[0].some;
    if (some.includes(target)) { said.textContent = "已经在那里了"; return; }
    const name = called(some);
    const all = movable();
    const kept = all.filter((one) => !some.includes(one));
    const at = target ? kept.indexOf(target) : kept.length;
    const sorted = [...kept.slice(0, at), ...some, ...kept.slice(at)];
    // The others (notes) stay where they are: each place is filled anew, from the first to the last.
    const places = all.map((one) => { const place = document.createComment(""); one.replaceWith(place); return place; });
    places.forEach((place, number) => place.replaceWith(sorted[number]));
    areas = [...form.querySelectorAll("textarea")];
    areas.forEach((area, number) => {
      const label = area.closest(".scan-one").querySelector(".scan-at");
      if (label) label.textContent = number + 1;
    });
    form.elements.order.value = sorted.map((one) => area_of(one).name.slice("text-".length)).join(" ");
    latest = null;
    offered();
    numbered();
    orders();
    said.textContent = `${name}现在是${called(some)}，保存后生效`;
    areas.forEach(draw);
    some[0].scrollIntoView({ block: "nearest" });
  });
  // The paragraphs are numbered on the picture, where each begins.
  const numbered = () => {
    sheet.querySelectorAll(".scan-number").forEach((one) => one.remove());
    areas.forEach((area, at) => {
      const first = [...held.get(area).lines].sort((a, b) => a.start - b.start)[0];
      if (!first) return;
      const mark = document.createElement("span");
      mark.className = "scan-number";
      mark.textContent = at + 1;
      mark.style.left = first.box.style.left;
      mark.style.top = first.box.style.top;
      sheet.append(mark);
    });
  };

  // ---- a part of the picture drawn by hand, and read again
  const drawer = desk.querySelector("[data-draw]"), again = desk.querySelector(".scan-again");
  const [told, found] = [again.querySelector("p"), again.querySelector("blockquote")];
  let from = null, frame = null;
  const drawing = (on) => {
    pane.classList.toggle("drawing", on);
    drawer.setAttribute("aria-pressed", on);
  };
  drawer.addEventListener("click", () => drawing(!pane.classList.contains("drawing")));
  const place = (event) => {
    const box = sheet.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width, y = (event.clientY - box.top) / box.height;
    const own = { 0: [x, y], 90: [y, 1 - x], 180: [1 - x, 1 - y], 270: [1 - y, x] }[turned];
    return own.map((share) => Math.round(1000 * Math.min(1, Math.max(0, share))));
  };
  pane.addEventListener("pointerdown", (event) => {
    if (!pane.classList.contains("drawing")) return;
    event.preventDefault();
    from = place(event);
    frame = document.createElement("div");
    frame.className = "scan-frame";
    sheet.append(frame);
    pane.setPointerCapture(event.pointerId);
  });
  pane.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = place(event);
    const [left, top] = [0, 1].map((side) => Math.min(from[side], to[side]));
    const [wide, tall] = [0, 1].map((side) => Math.abs(from[side] - to[side]));
    Object.assign(frame.style, { left: `${left / 10}%`, top: `${top / 10}%`, width: `${wide / 10}%`, height: `${tall / 10}%` });
  });
  pane.addEventListener("pointerup", (event) => {
    if (!from) return;
    const to = place(event), begin = from, drawn = frame;
    from = frame = null;
    drawing(false);
    if (Math.abs(begin[0] - to[0]) < 5 || Math.abs(begin[1] - to[1]) < 3) { drawn.remove(); return; }
    const box = [Math.min(begin[0], to[0]), Math.min(begin[1], to[1]), Math.max(begin[0], to[0]), Math.max(begin[1], to[1])];
    again.hidden = false;
    again.dataset.state = "reading";
    told.textContent = "正在重认这一块……";
    found.textContent = "";
    fetch(`${desk.dataset.region}?box=${box.join(",")}&turn=${turned}`).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer))).then(({ text }) => {
      told.textContent = text ? "这一块重认的结果（没有放进正文）：" : "这一块没有认出文字，请对照图像录入。";
      found.textContent = text;
      again.dataset.state = "read";
    }).catch(() => { told.textContent = "没能重认这一块，请对照图像录入。"; }).finally(() => drawn.remove());
  });
  again.querySelector("[data-drop]").addEventListener("click", () => { again.hidden = true; });
  again.querySelector("[data-put]").addEventListener("click", () => {
    const area = last || areas[0];
    if (!area || !found.textContent) return;
    area.setRangeText(found.textContent, area.selectionStart, area.selectionEnd, "end"); // what is selected is replaced
    area.focus();
    typed(area);
    again.hidden = true;
  });
  let sent = false;
  form.addEventListener("submit", (event) => {
    sent = true;
    if (event.submitter && event.submitter.value === "replace") [words.value, instead.value] = pair();
  });
  addEventListener("beforeunload", (event) => {
    if (!sent && (form.elements.order.value || areas.some((area) => area.value !== area.defaultValue))) event.preventDefault();
  });

  // ---- the lines of the picture
  bar.hidden = false;
  orders();
  fetch(desk.dataset.lines).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer))).then(({ lines }) => {
    lines.forEach((line) => {
      const area = areas.find((one) => one.name === `text-${line.block}`);
      if (!area) return;
      const [left, top, right, bottom] = line.box;
      const box = document.createElement("div");
      box.className = line.short ? "scan-line short" : "scan-line";
      Object.assign(box.style, { left: `${left / 10}%`, top: `${top / 10}%`, width: `${(right - left) / 10}%`, height: `${(bottom - top) / 10}%`, transform: line.turn ? `rotate(${line.turn}deg)` : "" });
      sheet.append(box);
      const one = { start: line.start, end: line.end, box, at: line.box };
      const state = held.get(area);
      if (area.value !== area.defaultValue) return; // somebody was quicker than the machine
      state.lines.push(one);
      line.doubts.forEach(([at, sure, others, why]) => state.doubts.push({ at, sure, others, why }));
      box.addEventListener("click", () => { area.focus(); area.setSelectionRange(one.start, one.start); draw(area); });
    });
    desk.classList.add("lines-found");
    numbered();
    orders();
    tell();
    areas.forEach(draw);
  }).catch(() => { count.textContent = "没能找出各行的位置，请直接对照图像校对"; });
})();
