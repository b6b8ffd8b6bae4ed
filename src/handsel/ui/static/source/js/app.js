// One script for every page; each module does nothing where its part is not on the page.
import "./once.js";
import "./palette.js";
import "./keys.js";
import "./week.js";
import "./timer.js";
import "./toast.js";
import "./copy.js";
import "./decision.js";
import "./dialog.js";
import "./mend.js";
import "./zone.js";
