// Cards of a board can be dragged between its lanes. The server decides: a drop posts to the card's data-move with the
// lane's data-lane as `to`. The answer is swapped into the board's data-target; unless it is a success the card goes back.
import Sortable from "sortablejs";

function move(board, { item, from, to, oldIndex }) {
  if (from === to) return;
  const back = () => from.insertBefore(item, from.children[oldIndex] ?? null);
  // Another lane of the same stage: who owns a deal, and its grade, are not changed by a drop.
  if (from.dataset.lane === to.dataset.lane) return back();
  const target = board.dataset.target || "#panel";
  const values = { to: to.dataset.lane, revision: item.dataset.revision ?? "" };
  item.addEventListener(
    "htmx:afterRequest",
    ({ detail: { xhr } }) => {
      if (xhr.status < 200 || xhr.status >= 400) back();
    },
    { once: true },
  );
  window.htmx.ajax("POST", item.dataset.move, { source: item, target, values });
}

export function start(board) {
  for (const lane of board.querySelectorAll("[data-lane]")) {
    Sortable.create(lane, {
      group: "board",
      draggable: "[data-move]",
      sort: false,
      animation: 120,
      delay: 150,
      delayOnTouchOnly: true,
      ghostClass: "fy-lane__item--ghost",
      onEnd: (event) => move(board, event),
    });
  }
  board.dataset.boardReady = "true";
}
