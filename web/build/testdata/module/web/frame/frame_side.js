import { say } from "../loader/say.js"; say(FRAME_PAGE_CSS);
