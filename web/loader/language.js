// @ts-check
/**
 * Returns the language of a widget: its own, the page's, or the browser's.
 * @param {{attr: (name: string) => string | null}} host
 */
export const languageOf = ({ attr }) => attr("lang") || document.documentElement.lang || navigator.language;
