// Everything that each page loads: htmx and the islands. One behaviour a file, started by a data attribute.
import htmx from "htmx.org";
import { startAll } from "./lib/island.js";
import "./islands/bulk.js";
import "./islands/busy.js";
import "./islands/chart.js";
import "./islands/board.js";
import "./islands/clocks.js";
import "./islands/copy.js";
import "./islands/dialogs.js";
import "./islands/double-submit.js";
import "./islands/drop.js";
import "./islands/editor.js";
import "./islands/grow.js";
import "./islands/keys.js";
import "./islands/list.js";
import "./islands/menus.js";
import "./islands/navigation.js";
import "./islands/palette.js";
import "./islands/pick.js";
import "./islands/rows.js";
import "./islands/theme.js";
import "./islands/toasts.js";
import "./islands/total.js";
import "./islands/unsaved.js";

window.htmx = htmx;
startAll(document.body);
htmx.onLoad(startAll);
