import { say } from "./say.js"; say(FRAME_PAGE_CSS);
