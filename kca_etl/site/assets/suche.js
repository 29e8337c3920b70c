// The search: looks through suche-index.js, asks no server. Without it the page keeps its lists.
(function () {
  "use strict";
  var place = document.getElementById("suche");
  var index = window.SUCHINDEX;
  if (!place || !index) { return; }
  var MAX_SHOWN = 50;

  function plain(text) {
    return text.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss");
  }

  var entries = index.map(function (row) {
    return { title: row[0], address: row[1], kind: row[2], head: plain(row[0]), all: plain(row.join(" ")) };
  });

  var label = document.createElement("label");
  label.htmlFor = "suchfeld";
  label.textContent = "Kennzahl, Monat, Quelle oder Wort";
  var field = document.createElement("input");
  field.id = "suchfeld";
  field.className = "suchfeld";
  field.type = "search";
  field.autocomplete = "off";
  var count = document.createElement("p");
  count.setAttribute("role", "status");
  var list = document.createElement("ul");
  [label, field, count, list].forEach(function (part) { place.appendChild(part); });

  function found(words) {
    return entries.filter(function (entry) {
      return words.every(function (word) { return entry.all.indexOf(word) >= 0; });
    }).sort(function (a, b) {
      return (b.head.indexOf(words[0]) >= 0) - (a.head.indexOf(words[0]) >= 0);
    });
  }

  function show() {
    var words = plain(field.value).split(/\s+/).filter(Boolean);
    list.textContent = "";
    if (!words.length) { count.textContent = ""; return; }
    var hits = found(words);
    count.textContent = hits.length === 0 ? "Nichts gefunden." : hits.length === 1 ? "Ein Treffer." : hits.length + " Treffer.";
    hits.slice(0, MAX_SHOWN).forEach(function (hit) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = place.dataset.root + hit.address;
      link.textContent = hit.title;
      item.appendChild(link);
      item.appendChild(document.createTextNode(" (" + hit.kind + ")"));
      list.appendChild(item);
    });
  }

  field.addEventListener("input", show);
}());
