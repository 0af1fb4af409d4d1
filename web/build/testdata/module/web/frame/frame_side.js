import { print } from "../loader/print.js"; print(FRAME_PAGE_CSS);
