// Loads drag and drop only where a board is on the page.
import { island } from "../lib/island.js";

island("[data-board]", async (board) => {
  const { start } = await import(board.dataset.src);
  start(board);
});
