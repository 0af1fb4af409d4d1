export const notify = () => [BUILD.start, FAILURE_CSS, WORDS.de.failed];
